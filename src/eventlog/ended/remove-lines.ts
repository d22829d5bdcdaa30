import type { Store } from '../store/store.ts'
import type { EndedLine } from './ended-line.ts'
import { positionsOf } from './read-ended-lines.ts'

/**
 * Index entries and fields that one script run removes, where it removes more than one headline: some 0.3 ms in which Redis
 * serves no other client.
 */
const PIECES_PER_RUN = 150

/**
 * Removes headlines from Redis that the archive holds, unless they have changed since they were read. Returns the ids of
 * those that were removed. Errors: UnavailableError.
 */
export async function removeLines(
  store: Store,
  feed: string,
  lines: readonly EndedLine[],
): Promise<string[]> {
  const keys = store.keys.feed(feed)
  const names = [
    ...[keys.states, keys.versions, keys.strip, keys.headlines, keys.released, keys.attention],
    ...[keys.status(''), keys.author(''), keys.word(''), keys.story(''), keys.receipt('')],
  ]
  // All at once: Redis serves other clients between them, and the disk gets few writes.
  const removed = await Promise.all(
    runsOf(lines).map((run) => {
      const args = run.flatMap(({ id, authors, stored }) => [
        ...[id, stored.state, JSON.stringify(authors), JSON.stringify(positionsOf(stored.versions))],
      ])
      return store.scripts['remove-lines'](names, args) as Promise<string[]>
    }),
  )
  return removed.flat()
}

function runsOf(lines: readonly EndedLine[]): EndedLine[][] {
  const runs: EndedLine[][] = []
  let room = 0
  for (const line of lines) {
    const pieces = line.words.length + Object.keys(line.stored.versions).length
    if (room < pieces) {
      runs.push([])
      room = PIECES_PER_RUN
    }
    runs.at(-1)?.push(line)
    room -= pieces
  }
  return runs
}
