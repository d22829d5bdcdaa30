import { contentSchema, type Content } from '../protocol/headline.ts'

/** A field that two versions of a headline do not share. */
export interface Difference {
  readonly field: keyof Content
  readonly seen?: unknown
  readonly current?: unknown
}

/** What has changed since somebody looked, in the order of the fields. */
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
