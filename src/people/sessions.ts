import { z } from 'zod'
import { answered } from '../eventlog/store/scripts.ts'
import { roleIn } from '../protocol/feed-roles.ts'
import { accountsOf, type Account } from './account.ts'
import type { People } from './people.ts'
import type { Principal } from './principal.ts'
import { hashOf } from './secrets.ts'

/** For somebody whose password was right, to give the code. */
const HALF_SESSION_MS = 5 * 60_000
/** Protects Redis from an account that signs in for ever; the oldest session goes. */
const MOST_SESSIONS = 50
/** A use is written down when the last one is older than this part of the idle time. */
const TOUCH_PART = 60

const sessionSchema = z.object({
  account: z.string(),
  /** The account's then: a session of an older one has ended. */
  epoch: z.int(),
  /** A half session has only given a right password, and opens nothing. */
  half: z.boolean(),
  secondFactor: z.boolean(),
  csrfToken: z.string(),
  createdAt: z.int(),
  seenAt: z.int(),
  ip: z.string(),
  agent: z.string(),
})
type Session = z.output<typeof sessionSchema>

/** A session that stands, by its token's hash. */
export interface LiveSession extends Session {
  readonly hash: string
  readonly owner: Account
}

/** Where somebody signs in from. */
export interface Origin {
  readonly ip: string
  readonly agent: string
}

/** A session that has just been opened; `token` is known only here and now. */
export interface OpenedSession extends LiveSession {
  readonly token: string
}

/** A new session, with a token that nobody has had before. */
export async function openSession(
  people: People,
  owner: Account,
  { ip, agent }: Origin,
  { half = false, secondFactor = false } = {},
): Promise<OpenedSession> {
  const { store, ids, clock } = people
  const token = ids.secret()
  const hash = hashOf(token)
  const now = clock()
  const session: Session = {
    account: owner.id,
    epoch: owner.epoch,
    half,
    secondFactor,
    csrfToken: ids.secret(),
    createdAt: now,
    seenAt: now,
    ip,
    agent,
  }
  const index = store.keys.desk.sessionsOf(owner.id)
  const writing = store.redis
    .multi()
    .set(store.keys.desk.session(hash), JSON.stringify(session), 'PX', restMs(people, session))
    .zremrangebyscore(index, 0, now)
    .zadd(index, now + people.sessionMs.longest, hash)
    .pexpire(index, people.sessionMs.longest)
    .zrange(index, '0', String(-(MOST_SESSIONS + 1)))
    .exec()
  const surplus = (await answered(writing))?.at(-1)?.[1] as string[]
  await Promise.all(surplus.map((old) => forget(people, owner.id, old)))
  return { ...session, hash, owner, token }
}

/** The session of a token, if it stands and its account may come in. */
export function seeSession(people: People, token: string): Promise<LiveSession | undefined> {
  return readSession(people, hashOf(token))
}

/** The same; it counts as used. */
export async function findSession(people: People, token: string): Promise<LiveSession | undefined> {
  const session = await seeSession(people, token)
  if (!session) return undefined
  const now = people.clock()
  if (now - session.seenAt < people.sessionMs.idle / TOUCH_PART || session.half) return session
  const { hash, owner: _, ...stored } = session
  const used = { ...stored, seenAt: now }
  // Only where it still is: a session that was ended meanwhile does not come back.
  const key = people.store.keys.desk.session(hash)
  await answered(people.store.redis.set(key, JSON.stringify(used), 'PX', restMs(people, used), 'XX'))
  return { ...session, seenAt: now }
}

export async function endSession(people: People, { account, hash }: LiveSession): Promise<void> {
  await forget(people, account, hash)
}

/** The sessions of an account that stand, newest first. */
export async function listSessions(people: People, account: string): Promise<LiveSession[]> {
  const { store } = people
  const hashes = await answered(store.redis.zrange(store.keys.desk.sessionsOf(account), '0', '-1'))
  const sessions = await Promise.all(hashes.map((hash) => readSession(people, hash)))
  return sessions
    .filter((session) => session !== undefined)
    .filter(({ half }) => !half)
    .sort((a, b) => b.createdAt - a.createdAt)
}

export function principalOfSession({ owner, secondFactor }: LiveSession): Principal {
  return {
    credential: `user:${owner.id}`,
    person: owner.id,
    name: owner.name,
    roleIn: (feed) => roleIn(owner.roles, feed),
    secondFactor,
  }
}

/** When it ends if it is used meanwhile. */
export function latestEnd({ sessionMs }: People, { createdAt, half }: Session): number {
  return createdAt + (half ? HALF_SESSION_MS : sessionMs.longest)
}

async function readSession(people: People, hash: string): Promise<LiveSession | undefined> {
  const { store } = people
  const raw = await answered(store.redis.get(store.keys.desk.session(hash)))
  if (raw === null) return undefined
  const session = sessionSchema.parse(JSON.parse(raw))
  if (restMs(people, session) <= 0) return undefined
  const owner = (await accountsOf(store).read(session.account))?.record
  if (!owner || owner.disabled || owner.epoch !== session.epoch) return undefined
  return { ...session, hash, owner }
}

function restMs(people: People, session: Session): number {
  const idleEnd = session.seenAt + people.sessionMs.idle
  return Math.min(idleEnd, latestEnd(people, session)) - people.clock()
}

async function forget({ store }: People, account: string, hash: string): Promise<void> {
  const { session, sessionsOf } = store.keys.desk
  await answered(store.redis.multi().del(session(hash)).zrem(sessionsOf(account), hash).exec())
}
