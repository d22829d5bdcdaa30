/** A payload or theme that does not fit; the message names the field. */
export class UnfitError extends TypeError {}

export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnfitError(`${name} is no object`)
  return value as Fields
}

/** Hosts send an empty text for a field that was not filled in, and null for one that they do not know. */
export function isLeftOut(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === ''
}

export function textOf(value: unknown, name: string, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw new UnfitError(`${name} does not fit`)
  return value
}

/** A number, also one that a host sends as text. */
export function numberOf(value: unknown, name: string, least: number, most: number): number {
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || !(number >= least && number <= most))
    throw new UnfitError(`${name} is not from ${least} to ${most}`)
  return number
}

export function oneOf<T extends string>(value: unknown, name: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value)
  if (found === undefined) throw new UnfitError(`${name} is not one of ${allowed.join(', ')}`)
  return found
}
