import { z } from 'zod'
import { embedModes, embedThemes } from '../../protocol/embed.ts'
import { languageSchema } from '../../protocol/feed.ts'
import { filterSchema } from '../../protocol/filter.ts'

/** As many lines as a strip can have. */
const MAX_LINES = 200

const max = z.coerce.number().int().min(1).max(MAX_LINES).optional()

/** The query of the HTML fragment, beside the filters. */
export const fragmentQuery = z.object({ max })

/** The query of the frame's page, beside the filters. */
export const embedQuery = z.object({
  mode: z.enum(embedModes).default('list'),
  theme: z.enum(embedThemes).optional(),
  dir: z.enum(['ltr', 'rtl']).optional(),
  lang: languageSchema.optional(),
  max,
})

/** Whether the frame's page would be shown with this query. */
export const frameQuery = embedQuery.extend(filterSchema.shape)
