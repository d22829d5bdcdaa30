import { expect, it } from '@jest/globals'
import { createClient } from '../../../../web/sdk/create-client.ts'

it('a client whose clock has passed the time of its next step waits for 0 ms, not for less', () => {
  let now = 0
  const waits: number[] = []
  const connect = createClient({
    // Each look at the clock finds it a second later, as on a computer that was asleep.
    now: () => (now += 1_000),
    setTimeout: (_callback, waitMs) => waits.push(waitMs),
    clearTimeout: () => undefined,
    WebSocket: undefined,
  })
  connect({ url: 'http://127.0.0.1:1', feed: 'en' }).close()
  expect(waits).toEqual([0])
})
