import { z } from 'zod'
import { embedModes, embedThemes } from '../../protocol/embed.ts'
import { languageSchema } from '../../protocol/feed.ts'
import { filterSchema } from '../../protocol/filter.ts'

/** The most headlines that a strip can have. */
const MAX_LINES = 200

const max = z.coerce.number().int().min(1).max(MAX_LINES).optional()

/** The query parameters of the HTML fragment besides the filters. */
export const fragmentQuery = z.object({ max })

/** The query parameters of the frame's page besides the filters. */
export const embedQuery = z.object({
  mode: z.enum(embedModes).default('list'),
  theme: z.enum(embedThemes).optional(),
  dir: z.enum(['ltr', 'rtl']).optional(),
  lang: languageSchema.optional(),
  max,
})

/** All query parameters of the frame's page. */
export const frameQuery = embedQuery.extend(filterSchema.shape)
