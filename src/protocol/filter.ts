import { z } from 'zod'
import { slugSchema, type LiveHeadline } from './headline.ts'
import { urgencies, type Urgency } from './lists/urgencies.ts'

const slugs = z
  .string()
  .max(500)
  .transform((written) => [...new Set(written.split(','))].sort())
  .pipe(z.array(slugSchema).min(1).max(10))

/** Query parameters that filter a stream, a page or a snapshot. Each is comma-separated; a headline must match all. */
export const filterSchema = z.object({
  section: slugs.optional(),
  region: slugs.optional(),
  /** The lowest urgency that passes: `bulletin` lets flash and bulletin pass. */
  urgency: z.enum(urgencies).optional(),
})
export type Filter = z.output<typeof filterSchema>

/** Equal for filters that pass the same headlines; empty for the filter that passes all. */
export function filterKey({ section = [], region = [], urgency }: Filter): string {
  return section.length + region.length === 0 && !urgency
    ? ''
    : `${section.join()}|${region.join()}|${urgency ?? ''}`
}

/** The members of a headline that a filter compares. */
export interface Facets {
  readonly section?: string | undefined
  readonly regions: readonly string[]
  readonly urgency: Urgency
}

export function facetsOf({ section, regions, urgency }: LiveHeadline): Facets {
  return { section, regions, urgency }
}

export function matches({ section, region, urgency }: Filter, facets: Facets): boolean {
  if (section && !(facets.section !== undefined && section.includes(facets.section))) return false
  if (region && !facets.regions.some((one) => region.includes(one))) return false
  return !urgency || urgencies.indexOf(facets.urgency) <= urgencies.indexOf(urgency)
}
