/**
 * The position of an event in a feed's log, written `epoch:seq` on every transport.
 * `epoch` names one unbroken history; positions of different epochs cannot be compared.
 * `seq` counts the feed's events from 1; 0 is the position before the first event.
 */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

/** A position as a reader gives it back, with the mark that came with it: `epoch:seq` or `epoch:seq:mark`. */
export interface MarkedPosition extends Position {
  /** Says which history the position belongs to; undefined where the reader has none. */
  readonly mark?: string | undefined
}

export const positionPattern = /^([a-z0-9]{8}):(0|[1-9][0-9]{0,14})$/
export const markPattern = /^[0-9a-f]{8}[A-Za-z0-9_-]{6}$/
const MARK_CHARACTERS = 14

export function formatPosition({ epoch, seq }: Position): string {
  return `${epoch}:${seq}`
}

/** A position with its mark, as a reader sends both back. */
export function withMark(position: string, mark: string | undefined): string {
  return mark === undefined ? position : `${position}:${mark}`
}

/** `undefined` for a text that is not exactly `epoch:seq`. */
export function parsePosition(written: string): Position | undefined {
  const [, epoch, seq] = positionPattern.exec(written) ?? []
  return epoch === undefined ? undefined : { epoch, seq: Number(seq) }
}

/** `undefined` for a text that is neither `epoch:seq` nor `epoch:seq:mark`. */
export function parseMarkedPosition(written: string): MarkedPosition | undefined {
  const plain = parsePosition(written)
  if (plain) return plain
  const mark = written.slice(-MARK_CHARACTERS)
  const position = parsePosition(written.slice(0, -MARK_CHARACTERS - 1))
  const fits = written.at(-MARK_CHARACTERS - 1) === ':' && markPattern.test(mark)
  return position && fits ? { ...position, mark } : undefined
}
