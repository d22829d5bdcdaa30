import type { LinkEnd } from './connection-state.ts'
import type { HttpAnswer, Environment } from './environment.ts'
import { readable, readFeedTitle, readFrame, readPosition, record } from './read-frame.ts'
import type { Address, Take } from './link.ts'
import { inTurn, placesOf, takePlace } from './places.ts'
import { withToken } from './with-token.ts'

/** Limits one line of the stream, which holds one frame: no strip is longer. */
const MAX_LINE_CHARACTERS = 16_000_000
/** A stream without a byte for so long after its request is held back on its way, maybe until it ends. */
export const FIRST_BYTE_MS = 5_000
const POLL_WAIT_S = 20
/** Polls are answered at least every 20 s. A link without an answer for twice this time counts as dead. */
const POLL_HEARTBEAT_MS = 15_000
/** Time between polls, also if a proxy answers at once. Events that follow each other come in one answer. */
const POLL_GAP_MS = 1_000
/** The same for feeds that take turns: together with the wait for the turn, a feed is at most 5 s behind. */
const TURN_GAP_MS = 4_000

/** Follows a feed. The last input for `take` is `close`. Errors: if the connection has ended by an error or an abort. */
export type Follow = (
  environment: Environment,
  address: Address,
  signal: AbortSignal,
  take: Take,
) => Promise<void>

type Read = (...follow: Parameters<Follow>) => Promise<LinkEnd>

/** Server-sent events by `fetch`, which, unlike `EventSource`, shows the reason of a refusal and exists in Node. */
export const sse = untilClose(
  inPlace((environment, address, signal, take) => {
    let isHeld = true
    const onBytes = (): void => void (isHeld = false)
    return Promise.race([
      readStream(environment, address, signal, take, onBytes).finally(onBytes),
      heldStream(environment, signal, () => isHeld),
    ])
  }),
)

/** A stream that ends without a `bye` was cut, even if it ended in order: the caller resumes from its position. */
async function readStream(
  environment: Environment,
  { url, query }: Address,
  signal: AbortSignal,
  take: Take,
  onBytes: () => void,
): Promise<LinkEnd> {
  const headers = { accept: 'text/event-stream' }
  const answer = await environment.fetch(`${url}/events?parts=1&${query}`, {
    headers,
    cache: 'no-store',
    signal,
  })
  const isStream = answer.headers.get('content-type')?.startsWith(headers.accept)
  if (!answer.ok || !isStream || !answer.body) return endOf(answer)

  const reader = answer.body.getReader()
  const decoder = new TextDecoder()
  let isServed = false
  for (let rest = ''; rest.length < MAX_LINE_CHARACTERS;) {
    const { done, value } = await reader.read()
    if (done) break
    onBytes()
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('data:')) continue
      const frame = readFrame(line.slice(5))
      isServed ||= frame.type === 'hello'
      // The server cannot serve the stream now. An `EventSource` would not come back from a refusal by status.
      if (frame.type === 'bye' && !isServed) return { retryAfterMs: frame.retryAfterMs }
      take(frame)
    }
  }
  return {}
}

/** Settles when the stream has been held back for too long. The caller then ends the request. */
function heldStream(environment: Environment, signal: AbortSignal, isHeld: () => boolean): Promise<LinkEnd> {
  const until = environment.now() + FIRST_BYTE_MS
  return new Promise((resolve) => {
    const look = (): void => {
      const waitMs = until - environment.now()
      if (signal.aborted || !isHeld()) return
      if (waitMs > 0) environment.setTimeout(look, Math.max(1, waitMs))
      else resolve({ isHeld: true })
    }
    look()
  })
}

/** Long polls, passed on as the frames that a stream would have. */
export const poll = untilClose(
  inPlace((environment, address, signal, take) =>
    readPages(environment, address, signal, take, {
      gapMs: POLL_GAP_MS,
      waitS: POLL_WAIT_S,
      run: (ask) => ask(),
      isOver: () => false,
    }),
  ),
)

interface Polling {
  /** The least time from one request to the next. */
  readonly gapMs: number
  readonly waitS?: number
  readonly run: <T>(ask: () => Promise<T>) => Promise<T>
  /** Asked after each answer, with the position to go on from. */
  readonly isOver: (position: string) => boolean
}

async function readPages(
  environment: Environment,
  { url, query }: Address,
  signal: AbortSignal,
  take: Take,
  { gapMs, waitS, run, isOver }: Polling,
): Promise<LinkEnd> {
  const next = new URLSearchParams(query)
  for (let isFirst = true; ; isFirst = false) {
    const requestedAt = environment.now()
    const address = `${url}/events?${next.toString()}`
    const [answer, body] = await run(async () => {
      const answer = await environment.fetch(address, { headers: {}, cache: 'no-store', signal })
      // The turn ends with the answer's last byte.
      return [answer, answer.ok && (await answer.json())] as const
    })
    if (!answer.ok) return endOf(answer)

    const page = record(body)
    const { reset, events, more, stale, frozen } = page
    const [position] = readable([page], () => readPosition(page))
    if (!position || !Array.isArray(events)) return {}
    const [feed] = readable([page.feed], readFeedTitle)
    const head = {
      position,
      feed,
      stale: stale === true,
      frozen: frozen === true,
      serverTime: Date.parse(page.serverTime as string),
    }
    if (isFirst) take({ type: 'hello', heartbeatMs: POLL_HEARTBEAT_MS, ...head })
    for (const frame of [...(reset === undefined ? [] : [reset]), ...(events as unknown[])])
      take(readFrame(JSON.stringify(frame)))
    if (signal.aborted) return {}
    next.set('after', position)
    if (more === true) continue
    take({ type: 'head', ...head })
    if (isOver(position)) return {}
    if (waitS) next.set('wait', String(waitS))
    const waitMs = requestedAt + gapMs - environment.now()
    await new Promise<void>((resolve) => environment.setTimeout(resolve, Math.max(0, waitMs)))
  }
}

/**
 * Runs a transport whose requests stay open, if the page has a place for it. Until then the feed polls in turn with the
 * others: a request that waits for a free connection of the browser would look like a dead network. Node has no such
 * limit.
 */
function inPlace(read: Read): Read {
  return async (environment, address, signal, take) => {
    if (!environment.addEventListener) return read(environment, address, signal, take)
    const places = placesOf(new URL(address.url).origin)
    const next = new URLSearchParams(address.query)
    const place = { leave: takePlace(places) }
    const waited = !place.leave
    if (waited) {
      const end = await readPages(environment, address, signal, take, {
        gapMs: TURN_GAP_MS,
        run: (ask) => inTurn(places, ask),
        isOver(position) {
          next.set('after', position)
          if (!places.holdsStreamsBack) place.leave = takePlace(places)
          return place.leave !== undefined
        },
      })
      if (!place.leave) return end
    }
    try {
      const end = await read(environment, { ...address, query: next.toString() }, signal, take)
      if (waited && end.isHeld) places.holdsStreamsBack = true
      return end
    } finally {
      place.leave?.()
    }
  }
}

function untilClose(read: Read): Follow {
  return async (environment, address, signal, take) =>
    take({ type: 'close', ...(await read(await withToken(environment), address, signal, take)) })
}

/** The end of a connection, from the problem+json body or the headers of a refusal. */
async function endOf(answer: HttpAnswer): Promise<LinkEnd> {
  const { code, retryAfterMs } = record(await answer.json().catch(() => ({})))
  const waitMs = Number(retryAfterMs ?? Number(answer.headers.get('retry-after')) * 1_000)
  return {
    httpStatus: answer.status,
    ...(typeof code === 'string' && { problem: code }),
    ...(waitMs > 0 && { retryAfterMs: waitMs }),
  }
}
