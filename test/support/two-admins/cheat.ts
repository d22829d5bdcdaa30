import { actions, type Action } from '../../../src/protocol/lists/actions.ts'
import { urgencies } from '../../../src/protocol/lists/urgencies.ts'
import { readPolicy } from '../../../src/eventlog/feeds/policy.ts'
import { listAccounts } from '../../../src/people/administration.ts'
import { listKeys } from '../../../src/people/api-keys.ts'
import { listInvitations } from '../../../src/people/invitations.ts'
import { listSessions, sessionId } from '../../../src/people/sessions.ts'
import { Browser, password } from '../browser.ts'
import type { RequestOptions } from '../api-server.ts'
import { AIMED, type Aim, type Try } from './cheat-acts.ts'
import { policyOf, rolesOf } from './wanted-roles-and-policies.ts'
import { CHEAT_ADDRESS, type NewsroomOfTwo } from './newsroom-of-two.ts'

/** Words that the cheat has written contain this word, and no other words do. */
export const MARK = 'cheat'

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** A credential that the cheat holds: the own session, a key, or the session of a made account. */
export interface Hand {
  readonly name: string
  readonly kind: 'session' | 'key'
  /** The account, or the key. */
  readonly id: string
  send(path: string, options: RequestOptions): Promise<Answer>
}

/** A person who tries everything alone, with all keys and accounts that this person can make. */
export class Cheat {
  readonly room: NewsroomOfTwo
  readonly hands: Hand[]
  /** Every try with its answer, for the report of a failure. */
  readonly trace: string[] = []
  readonly lines: { feed: string; id: string }[] = []
  /** What the other admin has read last, which half of the tries change before the approval. */
  aim: Aim | undefined
  readonly #tokens: string[] = []
  readonly #recoveries: RecoveryToken[] = []
  #made = 0

  constructor(room: NewsroomOfTwo) {
    this.room = room
    const { id, browser } = room.cheat
    const send: Hand['send'] = (path, options) => answerOf(browser.send(path, options))
    this.hands = [{ name: 'ada', kind: 'session', id, send }]
  }

  /** The same with all that it has now. */
  copy(): Cheat {
    const copy = new Cheat(this.room)
    copy.hands.push(...this.hands.slice(1))
    copy.lines.push(...this.lines)
    copy.#tokens.push(...this.#tokens)
    copy.#recoveries.push(...this.#recoveries)
    copy.#made = this.#made
    return copy
  }

  /** Has had a session of the account. */
  isPerson(account: string): boolean {
    return this.hands.some(({ kind, id }) => kind === 'session' && id === account)
  }

  async try(wanted: Try): Promise<{ hand: Hand; answer: Answer } | undefined> {
    // An admin may list all sessions: the other hands try it.
    const byAny = wanted.hand % 3 === 0 || wanted.act === 'list-sessions'
    const hand = byAny ? pick(this.hands, wanted.hand) : this.hands[0]
    const aimed = wanted.freshness % 2 === AIMED ? await this.#aimedRequest(wanted) : undefined
    const request = aimed ?? (await this.#requestOf(wanted))
    if (!hand || !request) return undefined
    const { method = 'POST', path, body, version } = request
    const headers =
      version === undefined
        ? {}
        : { 'if-match': `"${wanted.freshness === 0 ? Math.max(version - 1, 0) : version}"` }
    const options = { method, headers, ...(body !== undefined && { body }) }
    const answer = await (request.elsewhere
      ? answerOf(request.elsewhere.send(path, options))
      : hand.send(path, options))
    this.trace.push(
      `${hand.name}: ${method} ${path} ${JSON.stringify(body ?? {})} -> ${answer.status} ${codeOf(answer)}`,
    )
    if (answer.status < 300) this.#keep(request, answer)
    return { hand, answer }
  }

  /** A request of the cheat's own session that must succeed, to begin with. */
  async make(path: string, body: object): Promise<void> {
    const answer = await this.hands[0]?.send(path, { method: 'POST', body })
    if (!answer || answer.status >= 300) throw new Error(`${path}: ${answer?.status}`)
    this.#keep({ path }, answer)
  }

  /** An honest admin gives the person of the account a token. The accounts that the cheat has made have no other person. */
  gets(account: string, token: string): void {
    const { honest, editor, freeEditor } = this.room
    if (![honest.id, editor.id, freeEditor.id].includes(account)) this.#recoveries.push({ account, token })
  }

  async #aimedRequest({ detail, target }: Try): Promise<Request | undefined> {
    const { kind, id = '' } = this.aim ?? {}
    switch (kind) {
      case 'headline':
        return this.#onLine({ feed: 'two', id }, undefined, detail)
      case 'policy':
        return this.#putPolicy('two', detail)
      case 'roles':
      case 'recovery':
        return detail % 3 === 0
          ? this.#recover(id, detail)
          : detail % 3 === 1
            ? { path: `/v1/accounts/${id}/recovery` }
            : { path: `/v1/accounts/${id}/roles`, body: { roles: rolesOf(detail + target) } }
      case 'key':
      case 'invitation':
      case undefined:
        // No act changes these.
        return undefined
      default:
        return kind satisfies never
    }
  }

  async #putPolicy(feed: string, detail: number): Promise<Request> {
    return {
      method: 'PUT',
      path: `/v1/feeds/${feed}/policy`,
      body: policyOf(detail),
      version: (await readPolicy(this.room.api.store, feed)).version,
    }
  }

  async #requestOf(wanted: Try): Promise<Request | undefined> {
    const { act, target, detail } = wanted
    const { api, cheat, honest, editor } = this.room
    const feed = target % 5 === 0 ? 'free' : 'two'
    switch (act) {
      case 'write':
        return { path: `/v1/feeds/${feed}/headlines?force=true`, body: this.#newLine(detail) }
      case 'act-on-headline':
        return this.#onHeadline(undefined, target, detail)
      case 'approve-headline':
        return this.#onHeadline('approve', target, detail)
      case 'retract':
        return {
          path: `/v1/feeds/${feed}/retract`,
          body: {
            since: '2026-01-01T00:00:00Z',
            reason: 'x',
            ...(detail % 2 === 0 && { note: this.#words() }),
          },
        }
      case 'create-feed':
        return {
          path: '/v1/feeds',
          body: { id: detail % 3 === 0 ? 'two' : 'later', title: 'Two', lang: 'en', policy: policyOf(1) },
        }
      case 'put-policy':
        return this.#putPolicy(feed, detail)
      case 'approve-policy':
        return {
          path: '/v1/feeds/two/policy/approve',
          body: {},
          version: (await readPolicy(api.store, 'two')).version,
        }
      case 'freeze':
        return { path: `/v1/feeds/${feed}/freeze`, body: { reason: 'x' } }
      case 'thaw':
        return { path: `/v1/feeds/${feed}/thaw`, body: {} }
      case 'invite': {
        const email = detail % 4 === 0 ? editor.email : `${MARK}${++this.#made}@example.org`
        return { path: '/v1/invitations', body: { email, roles: rolesOf(detail) } }
      }
      case 'accept-invitation': {
        const token = pick(this.#tokens.toReversed(), target)
        return token === undefined
          ? undefined
          : {
              path: '/v1/invitations/accept',
              body: { token, name: 'Puppet', password },
              elsewhere: new Browser(api, CHEAT_ADDRESS),
            }
      }
      case 'approve-invitation':
      case 'withdraw-invitation': {
        const invitation = pick((await listInvitations(api.people)).toReversed(), target)
        if (!invitation) return undefined
        const path = `/v1/invitations/${invitation.id}`
        return act === 'approve-invitation'
          ? { path: `${path}/approve`, version: invitation.version }
          : { method: 'DELETE', path }
      }
      case 'change-roles':
      case 'approve-roles':
      case 'disable':
      case 'enable':
      case 'remove': {
        const accounts = await listAccounts(api.people)
        const account = pick(
          [...accounts.filter(({ id }) => ![honest.id, editor.id, cheat.id].includes(id)), ...accounts],
          target,
        )
        if (!account) return undefined
        const path = `/v1/accounts/${account.id}`
        if (act === 'remove') return { method: 'DELETE', path }
        if (act === 'change-roles') return { path: `${path}/roles`, body: { roles: rolesOf(detail) } }
        if (act === 'approve-roles') return { path: `${path}/approve`, version: account.version }
        return { path: `${path}/${act}` }
      }
      case 'start-recovery':
      case 'approve-recovery':
      case 'cancel-recovery':
      case 'recover':
      case 'list-sessions':
      case 'end-sessions':
      case 'end-session':
        return this.#onAccess(wanted)
      case 'issue-key':
        return { path: '/v1/keys', body: { name: `${MARK} ${++this.#made}`, roles: rolesOf(detail) } }
      case 'approve-key':
      case 'revoke-key':
      case 'thaw-key': {
        const key = pick((await listKeys(api.people)).toReversed(), target)
        if (!key) return undefined
        const path = `/v1/keys/${key.id}`
        if (act === 'revoke-key') return { method: 'DELETE', path }
        return act === 'approve-key'
          ? { path: `${path}/approve`, version: key.version }
          : { path: `${path}/thaw` }
      }
      case 'add-second-factor':
        return { path: '/v1/account/second-factor', body: { password } }
      case 'guess-password':
        return {
          path: '/v1/session',
          body: { email: honest.email, password: `${password} ${detail}` },
          elsewhere: new Browser(api, CHEAT_ADDRESS),
        }
      case 'look':
        return { method: 'GET', path: this.#looks()[target % this.#looks().length] ?? '/v1/approvals' }
      default:
        return act satisfies never
    }
  }

  async #onAccess({ act, target, detail }: Try): Promise<Request | undefined> {
    const { api, honest, editor, freeEditor } = this.room
    if (act === 'recover') {
      // Mostly by the token that the cheat has got last.
      const token = pick(this.#recoveries.toReversed(), detail % 3 > 0 ? 0 : target)
      return this.#recover(token?.account, detail)
    }
    const all = await listAccounts(api.people)
    const waiting = all.filter(({ recovery }) => recovery?.waitsFor !== undefined)
    const first = all.filter(({ id }) => [honest.id, editor.id, freeEditor.id].includes(id))
    const account = pick(act === 'approve-recovery' && detail % 4 > 0 ? waiting : [...first, ...all], target)
    if (!account) return undefined
    const path = `/v1/accounts/${account.id}`
    if (act === 'approve-recovery') return { path: `${path}/recovery/approve`, version: account.version }
    if (act === 'cancel-recovery') return { method: 'DELETE', path: `${path}/recovery` }
    if (act === 'list-sessions') return { method: 'GET', path: `${path}/sessions` }
    if (act === 'end-sessions') return { method: 'DELETE', path: `${path}/sessions` }
    if (act !== 'end-session') return { path: `${path}/recovery` }
    const session = pick(await listSessions(api.people, account.id), detail)
    return session && { method: 'DELETE', path: `/v1/sessions/${sessionId(session)}` }
  }

  /** By one token or two of those that the cheat holds for the account, or by one of them with that of another account. */
  #recover(id: string | undefined, detail: number): Request | undefined {
    const own = this.#recoveries.filter(({ account }) => account === id).toReversed()
    const [first, second = first] = own
    if (!first || !second) return undefined
    const other = pick(this.#recoveries, detail) ?? first
    const both = [first, second]
    const chosen = pick([[first], both, [first, other], both, [own.at(-1) ?? first], both], detail >> 2)
    return {
      path: '/v1/account/recovery',
      body: { tokens: chosen?.map(({ token }) => token), password },
      elsewhere: new Browser(this.room.api, CHEAT_ADDRESS),
    }
  }

  #looks(): string[] {
    return [
      '/v1/feeds/two/headlines',
      ...this.lines.map(({ feed, id }) => `/v1/feeds/${feed}/headlines/${id}`),
      '/v1/approvals',
      '/v1/feeds/two/audit',
      '/v1/audit',
      '/v1/stories/storm',
      '/v1/accounts',
      '/v1/sessions',
      '/v1/feeds/two/roles',
      '/v1/feeds/two/policy',
    ]
  }

  #onHeadline(
    action: Action | undefined,
    target: number,
    detail: number,
  ): Promise<Request | undefined> | undefined {
    const line = pick(this.lines.toReversed(), target)
    return line && this.#onLine(line, action, detail)
  }

  async #onLine(
    line: { readonly feed: string; readonly id: string },
    action: Action | undefined,
    detail: number,
  ): Promise<Request | undefined> {
    const path = `/v1/feeds/${line.feed}/headlines/${line.id}`
    const { body } = await this.room.cheat.browser.get(path)
    const { version, allowed = [] } = body as unknown as { version?: number; allowed?: readonly Action[] }
    if (version === undefined) return undefined
    // Mostly an act that the answer allows; a withdrawal and a discard would end everything.
    const useful = allowed.filter((each) => !['withdraw', 'discard'].includes(each))
    const chosen = action ?? pick(detail % 4 === 0 || useful.length === 0 ? actions : useful, detail >> 2)
    if (chosen === undefined) return undefined
    const force = ['release', 'schedule', 'approve'].includes(chosen) ? '?force=true' : ''
    return { path: `${path}/${chosen}${force}`, body: this.#bodyOf(chosen, detail, version), version }
  }

  #bodyOf(action: Action, detail: number, version: number): object {
    switch (action) {
      case 'save':
      case 'correct':
        return [
          { text: this.#words() },
          { urgency: pick(urgencies, detail) },
          { link: `https://${MARK}.example/${++this.#made}` },
          { source: this.#words() },
          { note: this.#words() },
          { expiresAt: inMs(3_600_000) },
        ][detail % 6] as object
      case 'restore':
        return { version: 1 + (detail % version), ...(detail % 3 === 0 && { note: this.#words() }) }
      case 'schedule':
        return { releaseAt: inMs(detail % 2 === 0 ? 7_200_000 : 50) }
      case 'submit':
        return detail % 2 === 0 ? {} : { releaseAt: inMs(3_600_000) }
      case 'return':
      case 'reject':
        return { reason: 'x' }
      case 'hold':
      case 'withdraw':
      case 'expire':
        return {
          ...(detail % 2 === 0 && { note: this.#words() }),
          ...(action === 'withdraw' && detail % 3 === 0 && { cascade: true }),
        }
      case 'approve':
      case 'release':
      case 'undo':
      case 'resume':
      case 'pin':
      case 'unpin':
      case 'label':
      case 'unlabel':
      case 'discard':
      case 'attended':
        return {}
      default:
        return action satisfies never
    }
  }

  #newLine(detail: number): object {
    return {
      text: this.#words(),
      urgency: pick(urgencies, detail),
      ...([{}, { then: 'submit' }, { then: 'keep' }, { releaseAt: inMs(50) }][detail % 4] as object),
      ...(detail % 3 === 0 && { story: 'storm' }),
    }
  }

  #words(): string {
    return `${MARK} ${++this.#made}`
  }

  /** Keeps what an answer gives: a headline, a key, the token of an invitation or recovery, the session of an account. */
  #keep({ path, elsewhere }: Request, { body }: Answer): void {
    const { headline, key, token, id, person } = body as {
      person?: string
      headline?: { id: string }
      key?: string
      token?: string
      id?: string
    }
    const feed = /^\/v1\/feeds\/([^/]+)\/headlines/.exec(path)?.[1]
    if (headline && feed !== undefined && !this.lines.some((line) => line.id === headline.id))
      this.lines.push({ feed, id: headline.id })
    if (path === '/v1/invitations' && token !== undefined) this.#tokens.push(token)
    const recovered = /^\/v1\/accounts\/([^/]+)\/recovery/.exec(path)?.[1]
    if (recovered !== undefined && token !== undefined) this.#recoveries.push({ account: recovered, token })
    if (elsewhere && person !== undefined)
      this.hands.push({
        name: `account ${person}`,
        kind: 'session',
        id: person,
        send: (target, options) => answerOf(elsewhere.send(target, options)),
      })
    if (path === '/v1/keys' && key !== undefined && id !== undefined) {
      const { api } = this.room
      this.hands.push({
        name: `key ${id}`,
        kind: 'key',
        id,
        send: (target, options) => answerOf(api.request(target, { ...options, key })),
      })
    }
  }
}

interface RecoveryToken {
  readonly account: string
  readonly token: string
}

interface Request {
  readonly method?: string
  readonly path: string
  readonly body?: object
  /** The present version of what is acted on. */
  readonly version?: number
  /** Another browser than that of the hand, which would lose its session. */
  readonly elsewhere?: Browser
}

async function answerOf(reply: Promise<{ status: number; body: unknown }>): Promise<Answer> {
  const { status, body } = await reply
  return { status, body: body as Answer['body'] }
}

function codeOf({ body }: Answer): string {
  return typeof body.code === 'string' ? body.code : ''
}

function inMs(ms: number): string {
  return new Date(Date.now() + ms).toISOString()
}

export function pick<T>(all: readonly T[], number: number): T | undefined {
  return all[number % all.length]
}
