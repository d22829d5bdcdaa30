import type { OwnTable } from '../../src/protocol/own-table.ts'
import { readOwnTable } from '../../src/protocol/own-table.ts'
import { lineWordsOf } from '../../src/protocol/line-words-for.ts'
import { createClient, type FeedTitle } from '../sdk/index.ts'
import { loadWords } from '../lines/load-words.ts'
import { hostStorage } from './host-storage.ts'
import { linesToShow } from './lines-to-show.ts'
import { onAirLine, type OnAirLine } from './on-air-line.ts'

/** Labels end and strips grow old without an event. */
const LOOK_MS = 500
/** Words that could not be loaded are tried again after so long. */
const WORDS_GAP_MS = 30_000
export interface FollowedFeed {
  /** The server's time. */
  now(): number
  close(): void
}

export interface FeedChoice {
  readonly server: string
  readonly feed: string
  readonly key: string | undefined
  readonly maxAgeMinutes: number
}

/** The lines that may be in the picture now, with their feed; undefined while there are none to show. */
export interface LinesNow {
  readonly feed: FeedTitle
  readonly lines: readonly OnAirLine[]
}

/**
 * Follows a feed until `close`, through every loss of the server.
 *
 * @param onLines called with each change, and about twice a second; the caller compares
 */
export function followFeed(choice: FeedChoice, onLines: (now: LinesNow | undefined) => void): FollowedFeed {
  const { server, feed, key, maxAgeMinutes } = choice
  const withKey = keyed(key)
  const connection = createClient({
    fetch: (url, init) => fetch(withKey(url), init),
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        super(withKey(url))
      }
    },
  })({ url: server, feed, cache: hostStorage })
  const own = ownWords(server, withKey, () => show())
  const now = () => Date.now() + (connection.status.clockOffsetMs ?? 0)

  function show(): void {
    const title = connection.feed
    const strip = linesToShow(connection, maxAgeMinutes * 60_000, Date.now())
    if (!title || !strip) {
      onLines(undefined)
      return
    }
    const words = lineWordsOf(title, own(title)?.words)
    const around = { words, feed: title, now: now() }
    onLines({ feed: title, lines: strip.map((headline) => onAirLine(headline, around)) })
  }

  const stops = [connection.on('strip', show), connection.on('status', show)]
  const timer = setInterval(show, LOOK_MS)
  show()
  return {
    now,
    close() {
      clearInterval(timer)
      for (const stop of stops) stop()
      connection.close()
    },
  }
}

/** Browsers send no header of a page with a WebSocket, so the key goes into the address. */
function keyed(key: string | undefined): (address: string) => string {
  return (address) =>
    key === undefined ? address : `${address}${address.includes('?') ? '&' : '?'}token=${key}`
}

/** The feed's own words, which are loaded when they have another version; the usual ones show until then. */
function ownWords(
  server: string,
  withKey: (address: string) => string,
  onChange: () => void,
): (feed: FeedTitle) => OwnTable | undefined {
  let version: number | undefined
  let table: OwnTable | undefined
  let notBefore = 0
  const get = (address: string, init: RequestInit) => fetch(withKey(address), init)
  return ({ id, words }) => {
    if (words === version || performance.now() < notBefore) return table
    version = words
    if (words === undefined) table = undefined
    else
      void loadWords(server, id, readOwnTable, get).then((loaded) => {
        if (loaded) table = loaded
        else {
          version = undefined
          notBefore = performance.now() + WORDS_GAP_MS
        }
        onChange()
      })
    return table
  }
}
