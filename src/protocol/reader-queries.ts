import { z } from 'zod'
import {
  embedFonts,
  embedModes,
  embedThemes,
  MAX_NOTICE_MINUTES,
  MAX_STRIP_LINES,
  MAX_TICKER_LINES,
} from './embed.ts'
import { languageSchema } from './feed.ts'
import { filterSchema } from './filter.ts'
import type { lastEventIdParameters } from './last-event-id.ts'

const lines = z.coerce.number().int().min(1)

/** `parseMarkedPosition` reads it: its refusal has a code of its own. */
export const positionQuery = z.object({
  after: z
    .string()
    .optional()
    .describe('A position with its mark, `epoch:seq:mark`, or without, `epoch:seq`: what follows it comes'),
})

const lastEventId = z.string().optional()

/** `resumePointOf` reads it: query parameters of event streams. */
export const lastEventIdQuery = z.object({
  lastEventId: lastEventId.describe('`Last-Event-ID`, as `event-source-polyfill` sends it; the header wins'),
  evs_last_event_id: lastEventId.describe('The same, as amvtek’s `eventsource-polyfill` sends it'),
} satisfies Record<(typeof lastEventIdParameters)[number], z.ZodType>)

/** The query parameters of a page of events besides the filters and the position. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('The most events in the page'),
  /** At most 25, since usual proxies close idle connections later than that. */
  wait: z.coerce
    .number()
    .min(0)
    .max(25)
    .default(0)
    .describe('Seconds to wait for the next event if there is none yet'),
})

/** A query parameter of streams and long polls. */
export const readerKeyQuery = z.object({
  key: z.string().optional().describe('Name of a partner that the operator has given a limit of its own'),
})

/** A query parameter of everything that a partner may get. */
export const tokenQuery = z.object({
  token: z
    .string()
    .optional()
    .describe('A token of a partner; programs send it, or the key, in `Authorization`'),
})

/** A query parameter of everything that readers get of a feed. */
export const drillQuery = z.object({
  drill: z
    .literal('1')
    .optional()
    .describe('The reader may get a feed that is a drill. Without it there is no such feed'),
})

/** The query parameters of documents in the formats of other programs. */
export const documentQuery = z.object({
  for: z
    .string()
    .default('readers')
    .describe('`screen`: for tickers that show titles and nothing else; RSS and Atom only'),
  corrections: z
    .literal('items')
    .optional()
    .describe('Each correction comes as an item of its own, beside the corrected headline'),
  auth: z
    .literal('basic')
    .optional()
    .describe('A request without a key gets 401, for programs that send a password only then'),
})

/** A query parameter of WebSockets. */
export const acksQuery = z.object({
  acks: z.literal('1').optional().describe('The reader acknowledges corrections, holds and withdrawals'),
})

/** A query parameter of streams. */
export const partsQuery = z.object({
  parts: z
    .literal('1')
    .optional()
    .describe('The reader takes a `reset` above 32 KB in parts. For streams only'),
})

/** The query parameters of the HTML fragment besides the filters. */
export const fragmentQuery = z.object({
  max: lines.max(MAX_STRIP_LINES).optional().describe('The most headlines to show'),
})

/** The query parameters of the frame's page besides the filters. */
export const embedQuery = z.object({
  mode: z.enum(embedModes).default('list'),
  theme: z.enum(embedThemes).optional(),
  font: z.enum(embedFonts).optional().describe('The typefaces of this server'),
  dir: z.enum(['ltr', 'rtl']).optional(),
  lang: languageSchema.optional().describe('Of the words around the lines, BCP 47'),
  /** As in the ticker, which shows the same headlines a moment later. */
  max: lines
    .transform((most) => Math.min(most, MAX_TICKER_LINES))
    .optional()
    .describe(
      `The most headlines to show; a larger number than ${MAX_TICKER_LINES} is taken as ${MAX_TICKER_LINES}`,
    ),
  notices: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number)
    .pipe(z.int().max(MAX_NOTICE_MINUTES))
    .optional()
    .describe('Minutes for which a notice stands in the place of a withdrawn or held line; 0: none'),
})

/** All query parameters of the frame's page. */
export const frameQuery = embedQuery.extend(filterSchema.shape)

/** The builder page takes the settings of the frame and this; its script reads them. */
export const builderQuery = z.object({ feed: z.string().optional().describe('The feed to begin with') })

const bound = z.coerce.number().int().min(1).optional()

export const oembedQuery = z.object({
  url: z.string().max(4_096).describe('Address of `/embed/{feed}` on this server'),
  maxwidth: bound,
  maxheight: bound,
  format: z.string().default('json').describe('`json`; every other one gets 501'),
})
