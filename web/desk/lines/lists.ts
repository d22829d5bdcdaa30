import type { ReadData } from '../platform/read-again-after.ts'
import { isGrouped, type DeskHeadline } from './headline.ts'

/** The lists of a feed as the page holds them. Lines of other statuses may be among them. */
export interface Lists extends ReadData {
  readonly headlines: readonly DeskHeadline[]
  readonly hasMore: boolean
  /** The time at which a line was read alone, by its id; the newest comes last. */
  readonly readAlone: ReadonlyMap<string, number>
}

/** Far more than are read alone while all lists are read once. Protects the memory of a page that is open for a shift. */
export const MOST_ALONE = 200

/**
 * The lists with these lines, read alone at `at`, in place of the older ones. A line that has left the lists is kept for
 * a while: lists that are being read may still have it as it was.
 */
export function withLines(now: Lists, lines: readonly DeskHeadline[], at: number): Lists {
  const newer = new Map(lines.map((line) => [line.id, line]))
  const headlines = now.headlines.map((line) => {
    const read = newer.get(line.id)
    newer.delete(line.id)
    return read && read.version >= line.version ? read : line
  })
  const readAlone = new Map(now.readAlone)
  for (const { id } of lines) {
    readAlone.delete(id)
    readAlone.set(id, at)
  }
  const forgotten = new Set([...readAlone.keys()].slice(0, -MOST_ALONE))
  for (const id of forgotten) readAlone.delete(id)
  // New lines come first, as in the lists of the API.
  const all = [...newer.values(), ...headlines]
  return { ...now, headlines: all.filter((line) => !forgotten.has(line.id) || isGrouped(line)), readAlone }
}
