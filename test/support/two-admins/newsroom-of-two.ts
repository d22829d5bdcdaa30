import { Secret, TOTP } from 'otpauth'
import { readAccount } from '../../../src/people/administration.ts'
import { addAccount, newAccount, type Account } from '../../../src/people/account.ts'
import { change } from '../../../src/people/change.ts'
import { Passwords } from '../../../src/people/passwords.ts'
import { actBy, flashline } from '../../../src/people/principal.ts'
import type { FeedRoles } from '../../../src/protocol/feed-roles.ts'
import { startApi, type TestApi } from '../api-server.ts'
import { Browser, password } from '../browser.ts'
import { feedWith, nobodyAlone } from '../newsroom.ts'

/** Computed once, because a hash takes time. */
const passwordHash = new Passwords().hash(password)
const STEP_MS = 30_000

/** A person at a browser, signed in with the second factor. */
export class Colleague {
  readonly id: string
  readonly email: string
  readonly browser: Browser
  readonly #api: TestApi
  readonly #secret: string

  constructor(api: TestApi, account: Account, secret: string, address: string) {
    this.#api = api
    this.#secret = secret
    this.id = account.id
    this.email = account.email
    this.browser = new Browser(api, address)
  }

  /** The code of the authenticator app. Each code works once, so the clock goes on. */
  code(): string {
    const now = this.#api.clock.now() + 2 * STEP_MS
    this.#api.clock.now = () => now
    return new TOTP({ secret: Secret.fromBase32(this.#secret) }).generate({ timestamp: now })
  }

  signIn() {
    return this.browser.post('/v1/session', { email: this.email, password, code: this.code() })
  }
}

/**
 * Two admins, an editor, a feed `two` in which nobody releases alone, and a feed `free` without the two-person rule, which
 * has an editor of its own. The addresses tell whose acts are read.
 */
export async function openNewsroomOfTwo() {
  const api = await startApi()
  const nobody = { ...nobodyAlone }
  await feedWith(api, 'two', {
    alone: nobody,
    undoMs: { bulletin: 0, urgent: 0, routine: 0 },
    duplicateWithinMs: 0,
  })
  await feedWith(api, 'free', { flashNeedsSecondFactor: false })
  const hire = (name: string, roles: FeedRoles, address: string) => hired(api, name, roles, address)
  const cheat = await hire('ada', { '*': 'admin' }, CHEAT_ADDRESS)
  const honest = await hire('ben', { '*': 'admin' }, HONEST_ADDRESS)
  const editor = await hire('cem', { two: 'editor' }, HONEST_ADDRESS)
  const freeEditor = await hire('dia', { free: 'editor' }, HONEST_ADDRESS)
  return { api, cheat, honest, editor, freeEditor, hire, close: () => api.close() }
}
export type NewsroomOfTwo = Awaited<ReturnType<typeof openNewsroomOfTwo>>

export const CHEAT_ADDRESS = '198.51.100.66'
/** The address of the honest people: only a chief or admin may read it. */
export const HONEST_ADDRESS = '203.0.113.9'

async function hired(api: TestApi, name: string, roles: FeedRoles, address: string): Promise<Colleague> {
  const secret = new Secret({ size: 20 }).base32
  const account: Account = {
    ...newAccount(api.people, { email: `${name}@example.org`, name, roles }),
    passwordHash: await passwordHash,
    totp: { secret, usedStep: 0, recoveryHashes: [] },
  }
  await change(api.store, () => ({
    writes: addAccount(api.store, account),
    audit: { action: 'account-made', act: actBy(flashline) },
    result: undefined,
  }))
  const person = new Colleague(api, account, secret, address)
  const { status } = await person.signIn()
  if (status !== 200 || !(await readAccount(api.people, person.id))) throw new Error(`${name}: ${status}`)
  return person
}
