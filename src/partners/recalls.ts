import { readTakenBack } from '../eventlog/read-taken-back.ts'
import { readTime } from '../eventlog/store/read-time.ts'
import { noteAck, readAcks, type Acknowledgement } from '../eventlog/webhooks/recall-acks.ts'
import type { People } from '../people/people.ts'
import type { Partner } from './partner.ts'
import { listPartners } from './partners.ts'
import { mayRead } from './webhook-access-of.ts'

/** Whom a withdrawal has been sent to as a recall, and who has acknowledged it. */
export interface RecallState {
  readonly acknowledged: readonly (Acknowledgement & { readonly partner: string; readonly name: string })[]
  readonly missing: readonly MissingPartner[]
}

export interface MissingPartner {
  readonly partner: string
  readonly name: string
  readonly contact: string
  /** Time since the withdrawal. */
  readonly ageMs: number
}

export interface Recall extends RecallState {
  readonly headline: string
  readonly version: number
  readonly withdrawnAt: string
}

/** The headlines of a feed that were withdrawn in the last 30 days, newest first. Errors: UnavailableError. */
export async function readRecalls(people: People, feed: string): Promise<Recall[]> {
  const { store } = people
  const [taken, partners, now] = await Promise.all([
    readTakenBack(store, feed),
    listPartners(people),
    readTime(store),
  ])
  const withdrawn = taken
    .filter(({ status }) => status === 'withdrawn')
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
  const acks = await readAcks(
    store,
    feed,
    withdrawn.map(({ id }) => id),
  )
  return withdrawn.map(({ id, version, updatedAt }, index) => ({
    ...{ headline: id, version, withdrawnAt: updatedAt },
    ...stateOf(partners, feed, updatedAt, acks[index] ?? new Map(), now),
  }))
}

/** The state of one recall, whatever its age. Errors: UnavailableError. */
export async function readRecall(
  people: People,
  feed: string,
  headline: string,
  withdrawnAt: string,
): Promise<RecallState> {
  const { store } = people
  const [partners, now, acks] = await Promise.all([
    listPartners(people),
    readTime(store),
    readAcks(store, feed, [headline]),
  ])
  return stateOf(partners, feed, withdrawnAt, acks[0] ?? new Map(), now)
}

/** A partner says that it has removed a headline. The first time counts. Errors: UnavailableError. */
export async function acknowledgeRecall(
  { store }: People,
  partner: Partner,
  feed: string,
  headline: string,
): Promise<Acknowledgement | 'no-such-feed' | 'no-such-recall'> {
  if (!mayRead(partner, { feed })) return 'no-such-feed'
  const taken = await readTakenBack(store, feed)
  if (!taken.some(({ id, status }) => id === headline && status === 'withdrawn')) return 'no-such-recall'
  const at = new Date(await readTime(store)).toISOString()
  return noteAck(store, feed, headline, partner.id, { at, by: 'request' })
}

/** A partner counts if it could read the feed when the headline was withdrawn. */
function stateOf(
  partners: readonly Partner[],
  feed: string,
  withdrawnAt: string,
  acks: ReadonlyMap<string, Acknowledgement>,
  now: number,
): RecallState {
  const acknowledged = partners.flatMap(({ id, settings: { name } }) => {
    const ack = acks.get(id)
    return ack ? [{ partner: id, name, ...ack }] : []
  })
  const missing = partners
    .filter((partner) => !acks.has(partner.id) && hasRead(partner, feed, withdrawnAt))
    .map(({ id, settings: { name, contact } }) => {
      return { partner: id, name, contact, ageMs: Math.round(now - Date.parse(withdrawnAt)) }
    })
  return { acknowledged, missing }
}

function hasRead(partner: Partner, feed: string, at: string): boolean {
  const { settings, keys, webhooks, createdAt } = partner
  if (createdAt > at || !mayRead(partner, { feed })) return false
  // An output acknowledges nothing: it empties the picture by itself, and reports what it painted.
  if (settings.onAir === true) return false
  if (settings.expiresAt !== undefined && settings.expiresAt <= at) return false
  // Without a key and a webhook it reads nothing.
  return [...keys, ...webhooks.filter((webhook) => webhook.feed === feed)].some(
    ({ waitsFor, createdAt: made }) => waitsFor === undefined && made <= at,
  )
}
