import { UnavailableError } from '../../platform/errors.ts'
import { Problem } from '../../platform/problem.ts'
import type { Store } from '../store/store.ts'

/**
 * Reads in several feeds at the same time. A feed whose records cannot be read is left out and named in the store's
 * faults: a damaged record harms its own feed alone. `what` names the records. Errors: UnavailableError, Problem.
 */
export async function inEachFeed<T>(
  { keys, faults }: Store,
  feeds: readonly string[],
  what: string,
  read: (feed: string) => Promise<T>,
): Promise<T[]> {
  const results = await Promise.all(
    feeds.map(async (feed) => {
      const name = `${keys.feed(feed).definition} ${what}`
      try {
        const result = await read(feed)
        faults.mended('record', name)
        return [result]
      } catch (error) {
        if (error instanceof UnavailableError || error instanceof Problem) throw error
        faults.found('record', name, error)
        return []
      }
    }),
  )
  return results.flat()
}
