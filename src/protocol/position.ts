/**
 * The position of an event in a feed's log, written `epoch:seq` on every transport.
 * `epoch` names one unbroken history; positions of different epochs cannot be compared.
 * `seq` counts the feed's events from 1; 0 is the position before the first event.
 */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

export const positionPattern = /^([a-z0-9]{8}):(0|[1-9][0-9]{0,14})$/

export function formatPosition({ epoch, seq }: Position): string {
  return `${epoch}:${seq}`
}

/** `undefined` for a text that is not exactly `epoch:seq`. */
export function parsePosition(written: string): Position | undefined {
  const [, epoch, seq] = positionPattern.exec(written) ?? []
  return epoch === undefined ? undefined : { epoch, seq: Number(seq) }
}
