/** A page's own content shows instead of the headlines meanwhile. */
const LIMIT_MS = 3_000

/**
 * Loads a feed's own words and labels. Undefined if they cannot be loaded or `read` throws: the console says so, and the
 * usual words show.
 *
 * @param get fetches an address, for readers whose addresses need a key
 */
export async function loadWords<Table>(
  server: string,
  feed: string,
  read: (answer: unknown) => Table,
  get: (address: string, init: RequestInit) => Promise<Response> = fetch,
): Promise<Table | undefined> {
  const address = server.replace(/\/?$/, `/v1/feeds/${encodeURIComponent(feed)}/words`)
  try {
    const answer = await get(address, { signal: AbortSignal.timeout(LIMIT_MS) })
    if (!answer.ok) throw new Error(`status ${answer.status}`)
    return read(await answer.json())
  } catch (error) {
    console.warn(`flashline: the usual words show, ${address} cannot be used: ${(error as Error).message}`)
    return undefined
  }
}
