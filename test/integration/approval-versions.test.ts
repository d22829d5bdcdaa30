import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { apiRoutes } from '../../src/api/api-routes.ts'
import type { ApiDeps } from '../../src/api/http/api-deps.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { feedWith, newPerson, nobodyAlone, type DeskReply, type Person } from '../support/newsroom.ts'

/** Where a thing that waits for an approval stands, and the approval's path. */
interface Waiting {
  readonly approve: string
  readonly shown: string
}

/** One kind of thing that a second person approves. */
interface Kind {
  /** Asks for an approval; another `n` makes another thing of this kind. */
  ask(n: number): Promise<Waiting>
  /** Changes the thing after it was asked for, so that an approver who has read it has read an old version. */
  change?(waiting: Waiting, n: number): Promise<unknown>
}

let api: TestApi
let [asks, reads]: Person[] = []
const asking = () => asks ?? never()
const reading = () => reads ?? never()
beforeAll(async () => {
  api = await startApi()
  asks = await newPerson(api, 'Ada', { '*': 'admin' })
  reads = await newPerson(api, 'Ben', { '*': 'admin' })
  await newPerson(api, 'Cem', { '*': 'admin' })
  for (const n of [0, 1]) await feedWith(api, `strict-${n}`, { alone: nobodyAlone })
})
afterAll(() => api.close())

const lines = '/v1/feeds/strict-0/headlines'
const policy = (n: number) => `/v1/feeds/strict-${n}/policy`

/** By the path of the route. Each route that approves anything must stand here. */
const kinds: Readonly<Record<string, Kind>> = {
  '/v1/feeds/{feed}/headlines/{id}/approve': {
    async ask(n) {
      const { headline } = made(await asking().send('POST', lines, { text: `Words ${n}`, then: 'submit' }))
      return { approve: `${lines}/${headline.id}/approve`, shown: `${lines}/${headline.id}` }
    },
    change: ({ shown }, n) => saved(shown, { text: `Other words ${n}` }),
  },
  '/v1/feeds/{feed}/policy/approve': {
    async ask(n) {
      await propose(n, 20)
      return { approve: `${policy(n)}/approve`, shown: policy(n) }
    },
    change: (_, n) => propose(n, 30),
  },
  '/v1/accounts/{account}/approve': {
    async ask(n) {
      const { id } = await newPerson(api, `Role ${n}`, { 'strict-0': 'reporter' })
      made(await asking().send('POST', `/v1/accounts/${id}/roles`, { roles: { 'strict-0': 'editor' } }))
      return { approve: `/v1/accounts/${id}/approve`, shown: '/v1/accounts' }
    },
    change: async ({ approve }) =>
      made(await asking().send('POST', approve.replace('approve', 'roles'), { roles: { '*': 'admin' } })),
  },
  '/v1/accounts/{account}/recovery/approve': {
    async ask(n) {
      const { id } = await newPerson(api, `Lost ${n}`, { 'strict-0': 'editor' })
      made(await asking().send('POST', `/v1/accounts/${id}/recovery`))
      return { approve: `/v1/accounts/${id}/recovery/approve`, shown: '/v1/accounts' }
    },
    change: async ({ approve }) => made(await asking().send('POST', approve.replace('/approve', ''))),
  },
  '/v1/keys/{key}/approve': {
    async ask(n) {
      const key = made(
        await asking().send('POST', '/v1/keys', { name: `k${n}`, roles: { 'strict-0': 'editor' } }),
      )
      return { approve: `/v1/keys/${idOf(key)}/approve`, shown: '/v1/keys' }
    },
  },
  '/v1/invitations/{invitation}/approve': {
    async ask(n) {
      const invitation = made(
        await asking().send('POST', '/v1/invitations', {
          email: `kim${n}@example.org`,
          roles: { 'strict-0': 'editor' },
        }),
      )
      return { approve: `/v1/invitations/${idOf(invitation)}/approve`, shown: '/v1/invitations' }
    },
  },
  '/v1/partners/{partner}/approve': {
    async ask(n) {
      const settings = { name: `Site ${n}`, contact: 'desk@site.example', feeds: ['strict-0'] }
      const partner = `/v1/partners/${idOf(made(await asking().send('POST', '/v1/partners', settings)))}`
      made(await asking().send('POST', `${partner}/keys`, {}))
      return { approve: `${partner}/approve`, shown: '/v1/partners' }
    },
    change: async ({ approve }) => made(await asking().send('POST', approve.replace('approve', 'keys'), {})),
  },
}

it('stands in this table for every route that approves', () => {
  const routes = apiRoutes({ config: {} } as ApiDeps)
  const approving = routes.filter(
    ({ path, operationId }) => path.endsWith('/approve') || operationId.startsWith('approve'),
  )
  expect(approving.map(({ path }) => path).sort()).toEqual(Object.keys(kinds).sort())
  expect(approving.filter(({ ifMatch }) => ifMatch !== 'required')).toEqual([])
})

describe.each(Object.entries(kinds))('%s', (_path, kind) => {
  let waiting: Waiting
  let old: number
  let foreign: number
  beforeAll(async () => {
    waiting = await kind.ask(0)
    old = await presentVersion(waiting)
    await kind.change?.(waiting, 0)
    const other = await kind.ask(1)
    if (kind.change) {
      await kind.change(other, 1)
      await kind.change(other, 1)
    } else await approve(other, `"${await presentVersion(other)}"`)
    foreign = await presentVersion(other)
    // A thing that cannot be changed has no older version: none is before the first one.
    if (!kind.change) old--
  })

  it.each([
    ['no version', () => undefined, 428, 'precondition-required'],
    ['any version', () => '*', 428, 'precondition-required'],
    ['an old version', () => `"${old}"`, 412, 'stale-version'],
    ['a version to come', () => `"${old + 90}"`, 412, 'stale-version'],
    ['the version of another thing', () => `"${foreign}"`, 412, 'stale-version'],
    ['a forged version', () => '"none-of-yours"', 412, 'stale-version'],
    ['a weak version', () => `W/"${old}"`, 412, 'stale-version'],
    ['a list of versions', () => '"1", "2", "3", "4"', 412, 'stale-version'],
    ['a version without quotes', () => String(old), 400, 'malformed-request'],
    ['half a version', () => `"${old}`, 400, 'malformed-request'],
  ])('refuses %s, and changes nothing', async (_name, version, status, code) => {
    const before = (await reading().get(waiting.shown)).body
    const reply = await approve(waiting, version())
    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect((await reading().get(waiting.shown)).body).toEqual(before)
  })

  it('takes the present version, once', async () => {
    const present = `"${await presentVersion(waiting)}"`
    expect((await approve(waiting, present)).status).toBe(200)
    expect((await approve(waiting, present)).status).toBe(412)
  })
})

function approve({ approve: path }: Waiting, version: string | undefined): Promise<DeskReply> {
  return reading().send('POST', path, {}, version === undefined ? {} : { 'If-Match': version })
}

/** As the list of approvals tells it, or, for what waits no more, the resource itself. */
async function presentVersion({ approve: path, shown }: Waiting): Promise<number> {
  const { approvals } = (await reading().get('/v1/approvals')).body as unknown as {
    approvals: readonly { approve: string; version: number }[]
  }
  const told = approvals.find((each) => each.approve === path)
  if (told) return told.version
  const body = (await reading().get(shown)).body as unknown as Record<
    string,
    readonly { id: string; version: number }[]
  >
  const all = Object.values(body).flat()
  return all.find(({ id }) => path.includes(`/${id}/`))?.version ?? never()
}

async function propose(n: number, maxDriftMs: number): Promise<void> {
  const { version } = (await asking().get(policy(n))).body
  const wider = { alone: nobodyAlone, maxDriftMs: 120_000 + maxDriftMs }
  made(await asking().send('PUT', policy(n), wider, { 'If-Match': `"${version}"` }))
}

async function saved(path: string, body: object): Promise<void> {
  const { version } = (await asking().get(path)).body
  made(await asking().send('POST', `${path}/save`, body, { 'If-Match': `"${version}"` }))
}

function made({ status, body }: DeskReply): DeskReply['body'] {
  if (status >= 300) throw new Error(`${status} ${body.code}`)
  return body
}

function idOf(body: DeskReply['body']): string {
  return (body as unknown as { id: string }).id
}

function never(): never {
  throw new Error('there is none')
}
