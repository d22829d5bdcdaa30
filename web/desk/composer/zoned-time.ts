const DAY_MS = 86_400_000
const SECOND_MS = 1_000
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

/** A time as a person writes it: the date and time on the clocks of a zone. */
export interface LocalTime {
  /** As `2026-03-29T02:30`; empty while no time is set. */
  readonly local: string
  /** As `Europe/Madrid`. */
  readonly zone: string
  /** The chosen instant in ms, where the clock change makes two of it. */
  readonly choice?: number
}

/**
 * The instants of a local time in ms. `twice`: the clocks go back, and show this time twice. `missing`: the clocks go
 * forward over it; the options are the time with the old offset and with the new one.
 */
export type Instants =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly at: number }
  | { readonly kind: 'twice' | 'missing'; readonly options: readonly [number, number] }

export function instantsOf({ local, zone }: LocalTime): Instants {
  if (!LOCAL.test(local)) return { kind: 'none' }
  const asUtc = Date.parse(`${local}Z`)
  if (Number.isNaN(asUtc)) return { kind: 'none' }
  const before = asUtc - offsetMs(zone, asUtc - DAY_MS)
  const after = asUtc - offsetMs(zone, asUtc + DAY_MS)
  const shown = [before, after].filter((at) => at + offsetMs(zone, at) === asUtc)
  const [one] = shown
  const options = [Math.min(before, after), Math.max(before, after)] as const
  if (one === undefined) return { kind: 'missing', options }
  return before === after || shown.length === 1 ? { kind: 'one', at: one } : { kind: 'twice', options }
}

/** The instant in ms, once it is certain. */
export function instantOf(time: LocalTime | undefined): number | undefined {
  if (time === undefined) return undefined
  const found = instantsOf(time)
  if (found.kind === 'none') return undefined
  if (found.kind === 'one') return found.at
  return found.options.find((at) => at === time.choice)
}

/** Whether the time needs a choice that its author has not made yet. */
export function needsChoice(time: LocalTime | undefined): boolean {
  return time !== undefined && instantsOf(time).kind !== 'none' && instantOf(time) === undefined
}

/** The time on the clocks of the zone at an instant. */
export function localTimeAt(at: number, zone: string): LocalTime {
  const local = new Date(at + offsetMs(zone, at)).toISOString().slice(0, '2026-03-29T02:30'.length)
  const time = { local, zone }
  return instantsOf(time).kind === 'one' ? time : { ...time, choice: at }
}

export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the clocks of the zone are ahead of UTC at an instant. */
function offsetMs(zone: string, at: number): number {
  const read: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(at)) read[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / SECOND_MS) * SECOND_MS
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, format)
  return format
}
