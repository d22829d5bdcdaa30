import { expect, it } from '@jest/globals'
import { linesToShow } from '../../../../web/on-air/lines-to-show.ts'
import type { Connection, Status } from '../../../../web/sdk/index.ts'

const MINUTE = 60_000
const NOW = 100 * MINUTE
const strip = [{ id: 'a' }] as unknown as Connection['strip']
const feed = { id: 'en', title: 'Breaking', lang: 'en', dir: 'ltr' } as const
const status = (given: Partial<Status>): Status => ({ state: 'live', since: 0, malformed: 0, ...given })

it.each<[what: string, given: Partial<Status>, shows: boolean]>([
  ['live', {}, true],
  ['without the server for 15 minutes', { state: 'offline', staleSince: NOW - 15 * MINUTE }, true],
  ['without the server for longer', { state: 'offline', staleSince: NOW - 15 * MINUTE - 1 }, false],
  ['from the storage of the host', { state: 'connecting', staleSince: NOW - MINUTE }, true],
  ['of a server that may be behind for longer', { state: 'stale', staleSince: NOW - 16 * MINUTE }, false],
  ['of a server that is full', { state: 'refused', code: 'server-full', staleSince: NOW }, true],
  [
    'of an output whose key was revoked',
    { state: 'refused', code: 'partner-refused', staleSince: NOW },
    false,
  ],
  ['of a feed that is not there', { state: 'refused', code: 'no-such-feed', staleSince: NOW }, false],
])('a strip %s', (_what, given, shows) => {
  const found = linesToShow({ strip, feed, status: status(given) }, 15 * MINUTE, NOW)
  expect(found).toBe(shows ? strip : undefined)
})

it('no drill is on air', () => {
  const drill = { ...feed, drill: true } as const
  expect(linesToShow({ strip, feed: drill, status: status({}) }, MINUTE, NOW)).toBeUndefined()
})
