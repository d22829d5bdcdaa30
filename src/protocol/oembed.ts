import { z } from 'zod'

/** https://oembed.com, section 2.3.4: an answer of the type `rich`. */
export const oembedSchema = z
  .object({
    version: z.literal('1.0'),
    type: z.literal('rich'),
    title: z.string(),
    provider_name: z.string(),
    provider_url: z.string(),
    cache_age: z.number().describe('Seconds'),
    width: z.number().describe('Pixels'),
    height: z.number().describe('Pixels'),
    html: z.string().describe('An `iframe` with a `sandbox`'),
  })
  .meta({ id: 'OEmbed' })
export type OEmbed = Readonly<z.output<typeof oembedSchema>>
