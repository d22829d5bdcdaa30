import type { FoundPage, ListCursor } from '../../eventlog/find-headlines.ts'

/** The first page of `found`, which has more than `limit` unless it is the last. */
export function pageOf(found: readonly ListCursor[], limit: number): FoundPage {
  const page = found.slice(0, limit)
  return { found: page, next: found.length > limit ? page.at(-1) : undefined }
}
