/**
 * A place in a feed's log, written `epoch:seq` on every transport.
 * `epoch` names one unbroken history; a position of another epoch says nothing about this one.
 * `seq` counts that feed's events from 1; 0 is the place before the first.
 */
export interface Position {
  readonly epoch: string
  readonly seq: number
}

export const positionPattern = /^([a-z0-9]{8}):(0|[1-9][0-9]{0,14})$/

export function formatPosition({ epoch, seq }: Position): string {
  return `${epoch}:${seq}`
}

/** `undefined` for anything that is not exactly `epoch:seq`. */
export function parsePosition(written: string): Position | undefined {
  const [, epoch, seq] = positionPattern.exec(written) ?? []
  return epoch === undefined ? undefined : { epoch, seq: Number(seq) }
}
