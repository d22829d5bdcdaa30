import type { QueryClient } from '@tanstack/react-query'

/** The lines that were open last show without a wait. Protects the memory of a page that is open for a shift. */
export const MOST_RECORDS = 50

/** Each event leaves the record of its line in the cache: of those that do not show, only the newest stay. */
export function forgetRecords(queries: QueryClient, feed: string): void {
  const cache = queries.getQueryCache()
  const unused = cache
    .findAll({ queryKey: ['headline', feed], type: 'inactive', fetchStatus: 'idle' })
    .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
  for (const record of unused.slice(MOST_RECORDS)) cache.remove(record)
}
