import { randomBytes } from 'node:crypto'
import { createFeed } from '../../src/eventlog/feeds/feeds.ts'
import { accountsOf } from '../../src/people/account.ts'
import { issueKey } from '../../src/people/api-keys.ts'
import { change } from '../../src/people/change.ts'
import type { FeedRoles } from '../../src/protocol/feed-roles.ts'
import { newFeedSchema } from '../../src/protocol/feed.ts'
import { policySchema } from '../../src/protocol/policy.ts'
import type { z } from 'zod'
import type { TestApi } from './api-server.ts'
import { openPolicy } from './redis.ts'

export interface DeskReply {
  readonly status: number
  readonly headers: Headers
  readonly body: DeskBody
}

/** The members of answers that tests read; each answer has some of them. */
export interface DeskBody {
  readonly code: string
  readonly detail: string
  readonly headline: { readonly id: string; readonly version: number; readonly status: string }
  readonly position: string | null
  readonly releaseAt: string
  readonly status: string
  readonly version: number
  readonly versions: readonly { readonly action: string; readonly savedAt: string }[]
  readonly content: { readonly text: string }
  readonly allowed: readonly string[]
  readonly policy: object
  readonly desk: object
  readonly current: { readonly id: string; readonly version: number }
  readonly diff: readonly { readonly field: string; readonly seen: unknown; readonly current: unknown }[]
  readonly entries: readonly { readonly headline?: string; readonly action: string }[]
  readonly lines: readonly {
    readonly id: string
    readonly feed: string
    readonly outcome: string
    readonly status: string
  }[]
  readonly siblings: readonly object[]
  readonly more: boolean
}

/** An api whose people act over HTTP. */
export type Office = Pick<TestApi, 'store' | 'people' | 'request'>

/** A person with an account and an API key. */
export class Person {
  readonly id: string
  readonly key: string
  readonly #api: Office

  constructor(api: Office, id: string, key: string) {
    this.#api = api
    this.id = id
    this.key = key
  }

  get keyId(): string {
    return this.key.split('_')[1] ?? ''
  }

  get(path: string): Promise<DeskReply> {
    return this.send('GET', path)
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<DeskReply> {
    const reply: unknown = await this.#api.request(path, { method, key: this.key, body, headers })
    return reply as DeskReply
  }

  /** Posts a new headline; `query` as in `?force=true`. */
  write(line: object, { feed = 'en', query = '', headers = {} } = {}): Promise<DeskReply> {
    return this.send('POST', `/v1/feeds/${feed}/headlines${query}`, line, headers)
  }

  /** Acts on a version of a headline; `undefined` sends no version. */
  act(
    id: string,
    action: string,
    version: number | undefined,
    body: object = {},
    { feed = 'en', query = '', headers = {} } = {},
  ): Promise<DeskReply> {
    const seen = version === undefined ? {} : { 'If-Match': `"${version}"` }
    const path = `/v1/feeds/${feed}/headlines/${id}/${action}${query}`
    return this.send('POST', path, body, { ...seen, ...headers })
  }

  read(id: string, feed = 'en'): Promise<DeskReply> {
    return this.get(`/v1/feeds/${feed}/headlines/${id}`)
  }
}

export async function newPerson(
  api: Office,
  name: string,
  roles: FeedRoles,
  keyRoles: FeedRoles = roles,
): Promise<Person> {
  const { store } = api
  const id = `u_${name}_${randomBytes(4).toString('hex')}`
  const actor = { credential: `user:${id}`, person: id, name }
  const account = {
    id,
    email: `${id}@example.org`,
    name,
    roles,
    createdAt: new Date().toISOString(),
    disabled: false,
    singleSignOn: false,
    epoch: 0,
    version: 1,
  }
  await change(store, () => ({
    writes: [accountsOf(store).add(account)],
    audit: { action: 'account-made', act: { by: 'test', person: 'test', name: 'test' } },
    result: undefined,
  }))
  const { key } = await issueKey(api.people, actor, { name, kind: 'person', roles: keyRoles })
  return new Person(api, id, key)
}

/** In every feed: Ann is reporter, Bob and Cat are editors, Dan and Deb chiefs, Eve admin, Rob reader. */
export async function staffOf(api: Office) {
  const everywhere = (role: 'reader' | 'reporter' | 'editor' | 'chief' | 'admin') => ({ '*': role })
  return {
    ann: await newPerson(api, 'Ann', everywhere('reporter')),
    bob: await newPerson(api, 'Bob', everywhere('editor')),
    cat: await newPerson(api, 'Cat', everywhere('editor')),
    dan: await newPerson(api, 'Dan', everywhere('chief')),
    deb: await newPerson(api, 'Deb', everywhere('chief')),
    eve: await newPerson(api, 'Eve', everywhere('admin')),
    rob: await newPerson(api, 'Rob', everywhere('reader')),
  }
}
export type Staff = Awaited<ReturnType<typeof staffOf>>

/** A feed that releases at once and without checks, except for the given policy. */
export async function feedWith(
  { store }: Pick<TestApi, 'store'>,
  id: string,
  policy: z.input<typeof policySchema> = {},
): Promise<void> {
  const feed = newFeedSchema.parse({ id, title: id, lang: 'en' })
  await createFeed(
    store,
    feed,
    policySchema.parse({ ...openPolicy, ...policy, undoMs: { ...openPolicy.undoMs, ...policy.undoMs } }),
  )
}

export const nobodyAlone = {
  flash: 'nobody',
  bulletin: 'nobody',
  urgent: 'nobody',
  routine: 'nobody',
} as const
