import { decide, startOf, type ConnectionInput, type ConnectionState } from './connection-state.ts'
import { readFrame } from './read-frame.ts'

export interface FeedConnection {
  readonly nudge: () => void
  readonly close: () => void
}

/** Carries out what `decide` says for one feed: a socket, a timer, and word to the page. */
export function connectFeed(
  feed: string,
  deps: { now: () => number; random: () => number; onChange: (state: ConnectionState) => void },
): FeedConnection {
  let state = startOf(deps.now())
  let socket: WebSocket | undefined
  let timer: { readonly id: number; readonly at: number } | undefined

  function take(input: ConnectionInput): void {
    const decision = decide(state, input, deps.now(), deps.random())
    state = decision.state
    if (decision.effect === 'disconnect') drop()
    if (decision.effect === 'connect') connect()
    setTimer()
    deps.onChange(state)
  }

  function connect(): void {
    drop()
    const opened = new WebSocket(addressOf(feed, state.position).href)
    socket = opened
    opened.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (opened === socket)
        take({ kind: 'frame', frame: typeof data === 'string' ? readFrame(data) : undefined })
    })
    opened.addEventListener('close', ({ code }) => {
      if (opened !== socket) return
      socket = undefined
      take({ kind: 'closed', code })
    })
  }

  function drop(): void {
    const dropped = socket
    socket = undefined
    dropped?.close()
  }

  // A timer that is too early only looks and sets the next one, so frames need not move it.
  function setTimer(): void {
    if (timer !== undefined && timer.at <= state.wakeAt) return
    clearTimeout(timer?.id)
    const at = state.wakeAt
    timer = { id: setTimeout(onTimer, Math.max(0, at - deps.now())), at }
  }

  function onTimer(): void {
    timer = undefined
    take({ kind: 'tick' })
  }

  setTimer()
  return {
    nudge: () => take({ kind: 'nudge' }),
    close() {
      clearTimeout(timer?.id)
      drop()
    },
  }
}

function addressOf(feed: string, position: string | undefined): URL {
  const address = new URL(`/v1/feeds/${encodeURIComponent(feed)}/live`, location.href)
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  if (position !== undefined) address.searchParams.set('after', position)
  return address
}
