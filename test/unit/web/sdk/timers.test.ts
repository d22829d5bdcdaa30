import { expect, it } from '@jest/globals'
import { createClient } from '../../../../web/sdk/create-client.ts'

const target = { url: 'http://127.0.0.1:1', feed: 'en' }

it('a client whose clock has passed the time of its next step waits for 1 ms, not for less', () => {
  let now = 0
  const waits: number[] = []
  const connect = createClient({
    // Each look at the clock finds it a second later, as on a computer that was asleep.
    now: () => (now += 1_000),
    setTimeout: (_callback, waitMs) => waits.push(waitMs),
    clearTimeout: () => undefined,
    WebSocket: undefined,
  })
  connect(target).close()
  expect(waits).toEqual([1])
})

it('a client whose timer comes a trace too early waits for a whole millisecond more', () => {
  // So far from its beginning, the clock cannot show the trace that is missing.
  let now = 1e9
  const traceMs = 1e-7
  const timers: { readonly act: () => void; readonly waitMs: number }[] = []
  const connect = createClient({
    now: () => now,
    random: () => 0.5,
    setTimeout: (act, waitMs) => timers.push({ act, waitMs }),
    clearTimeout: () => undefined,
    // Says nothing, so that the client waits for its hello.
    WebSocket: class {
      onmessage = null
      onclose = null
      onerror = null
      send = () => undefined
      close = () => undefined
    },
  })
  const connection = connect(target)
  timers.shift()?.act()
  const hello = timers.shift()
  now += (hello?.waitMs ?? 0) - traceMs
  hello?.act()
  expect(timers.map(({ waitMs }) => waitMs)).toEqual([1])
  connection.close()
})
