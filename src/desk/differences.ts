import { contentSchema, type Content } from '../protocol/headline.ts'

/** A field whose value differs between two versions of a headline. */
export interface Difference {
  readonly field: keyof Content
  readonly seen?: unknown
  readonly current?: unknown
}

/** The fields that differ between the version that an editor has seen and the current one, in the schema's order. */
export function differences(seen: Content, current: Content): Difference[] {
  return contentSchema
    .keyof()
    .options.filter((field) => JSON.stringify(seen[field]) !== JSON.stringify(current[field]))
    .map((field) => ({
      field,
      ...(seen[field] !== undefined && { seen: seen[field] }),
      ...(current[field] !== undefined && { current: current[field] }),
    }))
}
