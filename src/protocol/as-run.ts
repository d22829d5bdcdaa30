import { z } from 'zod'
import { headlineIdSchema, instantSchema } from './headline.ts'
import type { Operation } from './operation.ts'

/** Protects the audit from one report. */
const MAX_PAINTINGS = 50

const edge = z
  .enum(['first', 'last'])
  .describe('The first or the last frame in which the words were in the picture')

/** A report of an output on air: which words it has painted, by the server's clock. */
export const asRunReportSchema = z
  .strictObject({
    session: z
      .string()
      .regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits')
      .describe(
        'Another one at each start of the graphic: words that an earlier start painted are in no picture any more',
      ),
    paintings: z
      .array(z.strictObject({ headline: headlineIdSchema, version: z.int().min(1), edge, at: instantSchema }))
      .min(1)
      .max(MAX_PAINTINGS),
  })
  .meta({ id: 'AsRunReport' })

/** The words of one version of a headline on one output. */
export const paintingSchema = z
  .object({
    output: z.string().describe('Id of the output, as of a partner'),
    name: z.string().describe('Its name at that time'),
    headline: z.string(),
    version: z.int(),
    first: z.iso
      .datetime()
      .describe('The first frame; between the first and the last one a crawl shows lines in turns'),
    last: z.iso.datetime().optional().describe('The last frame; absent while they are in the picture'),
  })
  .meta({ id: 'Painting' })
export type Painting = z.output<typeof paintingSchema>

export const AS_RUN_PATH = '/v1/feeds/{feed}/as-run'

/** Hosts are pages of any origin, or of none, and send their key in a header; cookies count for nothing there. */
export const asRunPreflightOperation = {
  method: 'options',
  path: AS_RUN_PATH,
  operationId: 'askToReportAsRun',
  tag: 'partners',
  side: 'editors',
  summary: 'The preflight of a browser for a report of an output on air',
  answers: {
    204: {
      description: 'The page may send a report',
      headers: [
        'X-Request-Id',
        'Flashline-Durability',
        'Cache-Control',
        'Access-Control-Allow-Origin',
        'Access-Control-Allow-Methods',
        'Access-Control-Allow-Headers',
        'Access-Control-Max-Age',
      ],
    },
  },
  problems: ['malformed-request', 'internal-error'],
} as const satisfies Operation
