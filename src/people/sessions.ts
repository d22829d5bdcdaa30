import { z } from 'zod'
import { answered } from '../eventlog/store/scripts.ts'
import { roleIn } from '../protocol/feed-roles.ts'
import { accountsOf, type Account } from './account.ts'
import type { People } from './people.ts'
import type { Principal } from './principal.ts'
import { hashOf } from './secrets.ts'

/** Time to enter the code of the second factor after the password. */
const HALF_SESSION_MS = 5 * 60_000
/** A sign-in of single sign-on proves the person for this time in place of the password. */
const FRESH_MS = 10 * 60_000
/** Protects Redis from an account with endless sign-ins: a new session removes the oldest one. */
const MAX_SESSIONS = 50
/** A session's use is saved only when the last saved use is older than 1/60 of the idle time: this saves writes. */
const USES_PER_IDLE_TIME = 60

const sessionSchema = z.object({
  account: z.string(),
  /** The account's epoch at the sign-in. The session is valid only while it is equal to the account's epoch. */
  epoch: z.int(),
  /** true: the second factor is still missing, so the session gives no rights yet. */
  half: z.boolean(),
  secondFactor: z.boolean(),
  csrfToken: z.string(),
  createdAt: z.int(),
  /** The sign-in. Later than it is `createdAt` of a session that has replaced another one. */
  signedInAt: z.int().optional(),
  seenAt: z.int(),
  ip: z.string(),
  agent: z.string(),
})
type Session = z.output<typeof sessionSchema>

/** A valid session with its account. `hash` is the hash of its token. */
export interface LiveSession extends Session {
  readonly hash: string
  readonly owner: Account
}

/** The client of a sign-in. */
export interface Origin {
  readonly ip: string
  readonly agent: string
}

/** A new session. `token` is returned only here and stored as a hash. */
export interface OpenedSession extends LiveSession {
  readonly token: string
}

interface SessionRights {
  readonly half?: boolean
  readonly secondFactor?: boolean
  /** The sign-in, for a session that replaces another one. */
  readonly signedInAt?: number | undefined
}

/** Opens a session with a new token. */
export async function openSession(
  people: People,
  owner: Account,
  { ip, agent }: Origin,
  { half = false, secondFactor = false, signedInAt }: SessionRights = {},
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
    signedInAt: signedInAt ?? now,
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
    .zrange(index, '0', String(-(MAX_SESSIONS + 1)))
    .exec()
  const surplus = (await answered(writing))?.at(-1)?.[1] as string[]
  await Promise.all(surplus.map((old) => deleteSession(people, owner.id, old)))
  return { ...session, hash, owner, token }
}

/** The session of a token; undefined when the session is over or its account is disabled. Does not count as a use. */
export function peekSession(people: People, token: string): Promise<LiveSession | undefined> {
  return readSession(people, hashOf(token))
}

/** As peekSession, and counts as a use of the session. */
export async function findSession(people: People, token: string): Promise<LiveSession | undefined> {
  const session = await peekSession(people, token)
  if (!session) return undefined
  const now = people.clock()
  if (now - session.seenAt < people.sessionMs.idle / USES_PER_IDLE_TIME || session.half) return session
  const { hash, owner: _, ...stored } = session
  const used = { ...stored, seenAt: now }
  // XX writes only over an existing key, so a session that was ended meanwhile stays ended.
  const key = people.store.keys.desk.session(hash)
  await answered(people.store.redis.set(key, JSON.stringify(used), 'PX', restMs(people, used), 'XX'))
  return { ...session, seenAt: now }
}

export async function endSession(people: People, { account, hash }: LiveSession): Promise<void> {
  await deleteSession(people, account, hash)
}

/** The valid sessions of an account, newest first. */
export async function listSessions(people: People, account: string): Promise<LiveSession[]> {
  const { store } = people
  const hashes = await answered(store.redis.zrange(store.keys.desk.sessionsOf(account), '0', '-1'))
  const sessions = await Promise.all(hashes.map((hash) => readSession(people, hash)))
  return sessions
    .filter((session) => session !== undefined)
    .filter(({ half }) => !half)
    .sort((a, b) => b.createdAt - a.createdAt)
}

/** Names a session in lists. It begins the hash of the token, so it tells nothing of the token. */
export function sessionId({ hash }: Pick<LiveSession, 'hash'>): string {
  return hash.slice(0, 16)
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

/** Whether the person has signed in a short time ago: the proof of an account that has no password. */
export function isFresh({ clock }: People, { signedInAt, createdAt }: LiveSession): boolean {
  return clock() - (signedInAt ?? createdAt) <= FRESH_MS
}

/** The end of a session that is used all the time, in ms. */
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

async function deleteSession({ store }: People, account: string, hash: string): Promise<void> {
  const { session, sessionsOf } = store.keys.desk
  await answered(store.redis.multi().del(session(hash)).zrem(sessionsOf(account), hash).exec())
}
