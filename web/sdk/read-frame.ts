import type { FeedEvent, FeedTitle, Headline, Op, Tombstone, Urgency } from './types.ts'

/** A frame of any transport, with the fields that the client uses. */
export type Frame =
  | {
      readonly type: 'hello'
      readonly feed?: FeedTitle | undefined
      readonly position: string
      readonly heartbeatMs: number
      /** The server's time in ms since 1970; NaN where the frame has none. */
      readonly serverTime: number
      readonly stale: boolean
      readonly frozen: boolean
      /** The server accepts acknowledgements. */
      readonly acks?: boolean
    }
  | {
      readonly type: 'reset'
      readonly position: string
      readonly strip: readonly Headline[]
      /** The next `reset` goes on with the strip. */
      readonly more: boolean
    }
  | ({ readonly type: 'event' } & FeedEvent)
  | {
      readonly type: 'head'
      readonly feed?: FeedTitle | undefined
      readonly position: string
      readonly serverTime: number
      readonly stale: boolean
      readonly frozen: boolean
    }
  | { readonly type: 'bye'; readonly retryAfterMs: number }
  /** A frame of a newer server: it only shows that the connection is alive. */
  | { readonly type: 'unknown' }
  /** `lost`: whether the frame would have changed the strip. */
  | { readonly type: 'malformed'; readonly lost: boolean }

/** Never throws. An unknown op or urgency is accepted: `fold` shows no headline of an unknown op. */
export function readFrame(text: unknown): Frame {
  let type: unknown
  try {
    const fields = record(JSON.parse(text as string))
    type = fields.type
    return readFields(fields)
  } catch {
    return { type: 'malformed', lost: ['event', 'reset'].includes(type as string) }
  }
}

function readFields(fields: Fields): Frame {
  const { type, heartbeatMs, op, at, feed, retryAfterMs } = fields
  need(isString(type))
  if (type === 'bye') {
    need(isNumber(retryAfterMs))
    return { type, retryAfterMs }
  }
  if (!['event', 'reset', 'head', 'hello'].includes(type)) return { type: 'unknown' }

  const position = readPosition(fields)
  const head = {
    position,
    feed: feed === undefined ? feed : readFeedTitle(feed),
    stale: fields.stale === true,
    frozen: fields.frozen === true,
    serverTime: Date.parse(fields.serverTime as string),
  }
  if (type === 'hello') {
    need(isNumber(heartbeatMs))
    return { ...head, type, heartbeatMs, acks: fields.acks === true }
  }
  if (type === 'head') return { ...head, type }
  if (type === 'reset')
    return {
      type,
      position,
      more: fields.more === true,
      strip: readable(fields.strip, readHeadline).filter((line) => line.status === 'live'),
    }
  need(isString(op) && isString(at))
  return { type: 'event', position, op: op as Op, at, headline: readHeadline(fields.headline) }
}

export function readFeedTitle(value: unknown): FeedTitle {
  const fields = record(value)
  const { id, title, lang, dir, numbering, words } = fields
  need(isString(id) && isString(title) && isString(lang))
  return {
    id,
    title,
    lang,
    dir: dir === 'rtl' ? dir : 'ltr',
    ...(isString(numbering) && { numbering }),
    ...(isNumber(words) && { words }),
    ...(fields.drill === true && { drill: true }),
  }
}

/** The items that can be read: one broken item does not keep the others from being shown. */
export function readable<T>(value: unknown, read: (item: unknown) => T): T[] {
  need(Array.isArray(value))
  return value.flatMap((item) => {
    try {
      return [read(item)]
    } catch {
      return []
    }
  })
}

function readHeadline(value: unknown): Headline | Tombstone {
  const fields = record(value)
  const { version, place } = fields
  const texts: Readonly<Record<string, string | undefined>> = Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => isString(field[1])),
  )
  const { id, status, text, publishedAt, updatedAt, note, link = '', ...words } = texts
  need(id && status && publishedAt && updatedAt && isNumber(version) && isNumber(place))
  const known = { id, version, place, publishedAt, updatedAt, ...(note && { note }) }
  // An unknown status counts as not live, so the headline is not shown.
  if (status !== 'live') return { ...known, status: status as Tombstone['status'] }
  need(text)
  return {
    urgency: 'bulletin' as Urgency,
    ...words,
    ...known,
    status,
    text,
    regions: wordsOf(fields.regions),
    tags: wordsOf(fields.tags),
    // Other schemes, such as `javascript:`, never become a link.
    ...(/^https?:\/\//i.test(link) && { link }),
    ...(fields.pinned === true && { pinned: true }),
  }
}

type Fields = Readonly<Record<string, unknown>>

export function record(value: unknown): Fields {
  need(typeof value === 'object' && value)
  return value as Fields
}

function wordsOf(value: unknown): string[] {
  return [value].flat().filter(isString)
}

function need(fits: unknown): asserts fits {
  if (!fits) throw new TypeError()
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value >= 0
}

/** `epoch:seq`, or `epoch:seq:mark` if the server sends marks: what is given back to it. Errors: TypeError. */
export function readPosition({ position, mark }: Fields): string {
  const written = [position, mark].filter(isString).join(':')
  need(/^\w+:\d[\w:-]*$/.test(written))
  return written
}

/** A position without its mark, as subscribers get it. */
export function withoutMark<Position extends string | undefined>(position: Position): Position {
  return position?.split(':', 2).join(':') as Position
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}
