import { z } from 'zod'
import { embedModes, embedThemes } from './embed.ts'
import { languageSchema } from './feed.ts'
import { filterSchema } from './filter.ts'

/** As many lines as a strip can have. */
const MAX_LINES = 200

const max = z.coerce.number().int().min(1).max(MAX_LINES).optional().describe('Most lines')

/** Where to go on; read by `parsePosition`, whose refusal has a code of its own. */
export const positionQuery = z.object({
  after: z.string().optional().describe('A position, `epoch:seq`: what follows it comes'),
})

/** Of a page of events, beside the filters and the position. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Most events'),
  /** Below the idle time-outs of usual proxies. */
  wait: z.coerce
    .number()
    .min(0)
    .max(25)
    .default(0)
    .describe('Seconds to wait for the next event where there is none'),
})

/** Of streams and long polls. */
export const readerKeyQuery = z.object({
  key: z.string().optional().describe('Name of a partner that the operator has given a limit of its own'),
})

/** Of a WebSocket. */
export const acksQuery = z.object({
  acks: z.literal('1').optional().describe('The reader acknowledges what has left its screen'),
})

/** Of the piece of HTML, beside the filters. */
export const fragmentQuery = z.object({ max })

/** Of the frame's page, beside the filters. */
export const embedQuery = z.object({
  mode: z.enum(embedModes).default('list'),
  theme: z.enum(embedThemes).optional(),
  dir: z.enum(['ltr', 'rtl']).optional(),
  lang: languageSchema.optional().describe('Of the words around the lines, BCP 47'),
  max,
})

/** Whether the frame's page would be shown with this query. */
export const frameQuery = embedQuery.extend(filterSchema.shape)

/** Of the page on which an embed is put together, beside the settings of the frame; its script reads them. */
export const builderQuery = z.object({ feed: z.string().optional().describe('The feed that it begins with') })

const bound = z.coerce.number().int().min(1).optional()

export const oembedQuery = z.object({
  url: z.string().max(4_096).describe('Address of `/embed/{feed}` on this server'),
  maxwidth: bound,
  maxheight: bound,
  format: z.string().default('json').describe('`json`; every other one gets 501'),
})
