import { urgencies, type Urgency } from '../../../src/protocol/lists/urgencies.ts'
import type { Refusal } from '../platform/api-client.ts'
import { kept } from '../platform/kept.ts'
import type { LocalTime } from '../composer/zoned-time.ts'
import type { RefusedParts } from './edition.ts'

/** One wish for several feeds: the words of each part, and what they have in common. */
export interface Wish {
  readonly feeds: readonly string[]
  /** By feed. */
  readonly texts: Readonly<Record<string, string>>
  readonly urgency: Urgency
  readonly story: string
  /** All parts wait until then: a schedule or an embargo. */
  readonly releaseAt?: LocalTime
  /** The source allows no release before `releaseAt`. */
  readonly embargo?: boolean
  /** One key per wish: a double click, a repetition and a reload send the same request. */
  readonly key: string
  /** It was sent, and no answer is known: it keeps its key, so that no feed gets a second part. */
  readonly isSent?: boolean
  /** The edition, once the API has answered; then only the refused parts are left. */
  readonly edition?: string
  readonly refused: RefusedParts
}

export function emptyWish(feeds: readonly string[]): Wish {
  return { feeds, texts: {}, urgency: 'urgent', story: '', key: crypto.randomUUID(), refused: {} }
}

export function keptWish(name: string, feeds: readonly string[]): Wish {
  try {
    return wishFrom(JSON.parse(kept.get(name) ?? 'null')) ?? emptyWish(feeds)
  } catch {
    return emptyWish(feeds)
  }
}

/** A wish as it was kept; undefined for anything else. */
export function wishFrom(read: unknown): Wish | undefined {
  if (typeof read !== 'object' || read === null || !('texts' in read) || !('key' in read)) return undefined
  return { ...emptyWish([]), ...(read as Partial<Wish>) }
}

/** Whether nothing is written in it. */
export function isUnwritten({ texts, story, releaseAt }: Wish): boolean {
  return releaseAt === undefined && [...Object.values(texts), story].every((words) => words.trim() === '')
}

export function keepWish(name: string, wish: Wish): void {
  kept.set(name, JSON.stringify(wish))
}

export function urgencyOf(value: string): Urgency {
  return urgencies.find((each) => each === value) ?? 'urgent'
}

/** A wish that cannot be read names the fields of each part: `/parts/ar/text`. */
export function partFaults({ errors = [], ...refusal }: Refusal): RefusedParts {
  const faults: Record<string, Refusal> = {}
  for (const { field, ...fault } of errors) {
    const [, , feed, ...path] = field.split('/')
    if (!field.startsWith('/parts/') || feed === undefined) continue
    const error = { ...fault, field: `/${path.join('/')}` }
    faults[feed] = { ...refusal, errors: [...(faults[feed]?.errors ?? []), error] }
  }
  return faults
}
