/** The data of a query with the time of its last reading, in ms since 1970. */
export interface ReadData {
  readonly readAt: number
}

interface QueryState {
  readonly data: ReadData | undefined
  readonly errorUpdatedAt: number
}

/**
 * For `refetchInterval`: the query is read again this long after its last reading or failure. A plain number would begin
 * anew at each event that is put into the data, so a query that hears events would never be read again.
 */
export function readAgainAfter(ms: number): (query: { readonly state: QueryState }) => number {
  return ({ state: { data, errorUpdatedAt } }) => {
    const last = Math.max(data?.readAt ?? 0, errorUpdatedAt)
    const leftMs = last === 0 ? ms : last + ms - Date.now()
    return Math.min(ms, Math.max(1, leftMs))
  }
}
