import { afterEach, expect, it } from '@jest/globals'
import { setTimeout as pause } from 'node:timers/promises'
import { Scenario } from '../support/scenario.ts'
import { PollingReader, WebSocketReader } from '../support/readers.ts'

const STOP_TIMEOUT_MS = 3_000
const RETURN_TIMEOUT_MS = 5_000

let scenario: Scenario | undefined
afterEach(() => scenario?.close())

it('moves readers from gateway to gateway in a rolling restart without a lost or repeated event', async () => {
  scenario = await Scenario.start({ gateways: 2 })
  const { cluster, readers, poster } = scenario

  poster.start(50)
  const stops: { code: number | null | undefined; tookMs: number }[] = []
  for (const gateway of cluster.gateways) {
    await pause(500)
    const began = performance.now()
    const exit = await gateway.stop()
    stops.push({ code: exit?.code, tookMs: performance.now() - began })
    await gateway.start()
    await pause(500)
  }
  const ledger = await scenario.settle('SIGTERM rolling restart')

  expect(ledger.faults).toEqual([])
  for (const { resets } of ledger.accounts) expect(resets).toBe(0)
  for (const { code, tookMs } of stops) {
    expect(code).toBe(0)
    expect(tookMs).toBeLessThan(STOP_TIMEOUT_MS)
  }
  for (const reader of readers) {
    if (reader instanceof PollingReader) continue
    expect(reader.byes.length).toBeGreaterThan(0)
    for (const bye of reader.byes) expect(bye).toMatchObject({ reason: 'draining' })
    for (const { retryAfterMs } of reader.byes) expect(retryAfterMs).toBeLessThanOrEqual(RETURN_TIMEOUT_MS)
    if (reader instanceof WebSocketReader) {
      expect(reader.closeCodes.filter((code) => code === 1001)).toHaveLength(reader.byes.length)
      // 1006: no gateway listened yet at the address of the reconnection.
      expect(reader.closeCodes.filter((code) => code !== 1001 && code !== 1006)).toEqual([])
    }
  }
}, 60_000)
