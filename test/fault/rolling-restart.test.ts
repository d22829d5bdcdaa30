import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { Scenario } from '../support/scenario.ts'
import { PollingReader, WebSocketReader } from '../support/readers.ts'

/** Readers are asked to come back within this time. */
const RETURN_WITHIN_MS = 5_000

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it('moves readers from gateway to gateway in a rolling restart without a lost or repeated event', async () => {
  scenario = await Scenario.start({ gateways: 2 })
  const { cluster, readers, poster } = scenario

  poster.start(50)
  const codes: (number | null | undefined)[] = []
  for (const gateway of cluster.gateways) {
    await pause(500)
    codes.push((await gateway.stop())?.code)
    await gateway.start()
    await pause(500)
  }
  const ledger = await scenario.settle('SIGTERM rolling restart')

  expect(ledger.faults).toEqual([])
  for (const { resets } of ledger.accounts) expect(resets).toBe(0)
  // Each has ended by itself, before it would have been killed.
  expect(codes).toEqual([0, 0])
  for (const reader of readers) {
    if (reader instanceof PollingReader) continue
    // A reader that comes back before the feed is loaded gets another bye.
    const byes = reader.byes.filter(({ reason }) => reason !== 'unavailable')
    expect(byes.length).toBeGreaterThan(0)
    for (const bye of byes) expect(bye).toMatchObject({ reason: 'draining' })
    for (const { retryAfterMs } of byes) expect(retryAfterMs).toBeLessThanOrEqual(RETURN_WITHIN_MS)
    if (reader instanceof WebSocketReader) {
      expect(reader.closeCodes.filter((code) => code === 1001)).toHaveLength(byes.length)
      // 1006: no gateway listened yet at the address of the reconnection.
      expect(reader.closeCodes.filter((code) => code !== 1001 && code !== 1006)).toEqual([])
    }
  }
}, 60_000)
