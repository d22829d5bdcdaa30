import type { FeedTitle } from '../../src/protocol/feed.ts'
import type { Frame, Op, ResetReason, ByeReason, Standing } from '../../src/protocol/frames.ts'
import type { Headline, LiveHeadline, PublicStatus, Urgency } from '../../src/protocol/headline.ts'
import { parsePosition } from '../../src/protocol/position.ts'

/**
 * `undefined` for what is not a frame this reader knows. Words it does not know (an op, a reason, an urgency)
 * pass: `fold` shows no line of an unknown op, and nothing here depends on the others.
 */
export function readFrame(text: string): Frame | undefined {
  const frame = parseJson(text)
  if (!isRecord(frame)) return undefined
  switch (frame.type) {
    case 'hello':
      return readHello(frame)
    case 'reset':
      return readReset(frame)
    case 'event':
      return readEvent(frame)
    case 'head':
      return readHead(frame)
    case 'bye':
      return readBye(frame)
    default:
      return undefined
  }
}

/** The answer of `GET /v1/feeds`; `undefined` for anything else. */
export function readFeeds(answer: unknown): FeedTitle[] | undefined {
  if (!isRecord(answer) || !Array.isArray(answer.feeds)) return undefined
  return answer.feeds.map(readFeedTitle).filter((feed) => feed !== undefined)
}

function readHello(frame: Fields): Frame | undefined {
  const { protocol, position, heartbeatMs, serverTime } = frame
  const feed = readFeedTitle(frame.feed)
  if (!feed || !isPosition(position) || !isDuration(heartbeatMs) || heartbeatMs === 0) return undefined
  if (!isNumber(protocol) || !isString(serverTime)) return undefined
  return { type: 'hello', protocol, feed, position, heartbeatMs, serverTime, ...standingOf(frame) }
}

function readReset({ reason, position, strip }: Fields): Frame | undefined {
  if (!isString(reason) || !isPosition(position) || !Array.isArray(strip)) return undefined
  const lines = strip.map(readHeadline).filter((line): line is LiveHeadline => line?.status === 'live')
  return { type: 'reset', reason: reason as ResetReason, position, strip: lines }
}

function readEvent({ position, op, at, headline: written }: Fields): Frame | undefined {
  const headline = readHeadline(written)
  if (!headline || !isPosition(position) || !isString(op) || !isString(at)) return undefined
  return { type: 'event', position, op: op as Op, at, headline }
}

function readHead(frame: Fields): Frame | undefined {
  const { position, serverTime } = frame
  if (!isPosition(position) || !isString(serverTime)) return undefined
  return { type: 'head', position, serverTime, ...standingOf(frame) }
}

function readBye({ reason, retryAfterMs }: Fields): Frame | undefined {
  if (!isString(reason) || !isDuration(retryAfterMs)) return undefined
  return { type: 'bye', reason: reason as ByeReason, retryAfterMs }
}

function readFeedTitle(written: unknown): FeedTitle | undefined {
  if (!isRecord(written)) return undefined
  const { id, title, lang, dir } = written
  if (!isString(id) || !isString(title) || !isString(lang)) return undefined
  return { id, title, lang, dir: dir === 'rtl' ? 'rtl' : 'ltr' }
}

function readHeadline(written: unknown): Headline | undefined {
  if (!isRecord(written)) return undefined
  const { id, version, status, place, publishedAt, updatedAt } = written
  if (!isString(id) || !isString(status) || !isNumber(version) || !isNumber(place)) return undefined
  if (!isString(publishedAt) || !isString(updatedAt)) return undefined
  const note = textOf(written, 'note')
  const known = { id, version, place, publishedAt, updatedAt, ...note }
  // A status that is not known is not live, and so shows nowhere.
  if (status !== 'live') return { ...known, status: status as Exclude<PublicStatus, 'live'> }
  if (!isString(written.text)) return undefined
  return {
    ...known,
    status,
    text: written.text,
    urgency: (isString(written.urgency) ? written.urgency : 'bulletin') as Urgency,
    regions: wordsOf(written.regions),
    tags: wordsOf(written.tags),
    ...textOf(written, 'speaker'),
    ...textOf(written, 'section'),
    ...textOf(written, 'source'),
    ...textOf(written, 'story'),
    ...textOf(written, 'lang'),
    ...textOf(written, 'expiresAt'),
    ...(isWebAddress(written.link) && { link: written.link }),
    ...(written.pinned === true && { pinned: true }),
  }
}

type Fields = Readonly<Record<string, unknown>>

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textOf<Name extends string>(fields: Fields, name: Name): Partial<Record<Name, string>> {
  const value = fields[name]
  // The computed name is the type parameter itself, which the compiler widens to string.
  return isString(value) ? ({ [name]: value } as Record<Name, string>) : {}
}

function wordsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isString) : []
}

function standingOf({ stale, frozen }: Fields): Standing {
  return { ...(stale === true && { stale }), ...(frozen === true && { frozen }) }
}

/** Anything but http and https (`javascript:`) never becomes a link. */
function isWebAddress(value: unknown): value is string {
  return isString(value) && URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol)
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isString = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isDuration = (value: unknown): value is number => isNumber(value) && value >= 0
const isPosition = (value: unknown): value is string => isString(value) && parsePosition(value) !== undefined
