import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startApi, type TestApi } from '../support/api-server.ts'
import { feedWith, nobodyAlone, staffOf, newPerson, type Person, type Staff } from '../support/newsroom.ts'

let api: TestApi
let staff: Staff
let fay: Person
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  fay = await newPerson(api, 'Fay', { '*': 'admin' })
  await feedWith(api, 'strict', { alone: nobodyAlone })
  await staff.ann.write({ text: 'Airport reopens', then: 'submit' }, { feed: 'strict' })
  await staff.dan.send(
    'PUT',
    '/v1/feeds/strict/policy',
    { alone: { ...nobodyAlone, routine: 'chief' } },
    { 'If-Match': '"1"' },
  )
  await staff.eve.send('POST', '/v1/keys', { name: 'Wire', roles: { strict: 'editor' } })
  await staff.eve.send('POST', '/v1/invitations', { email: 'kim@example.org', roles: { strict: 'editor' } })
  await staff.eve.send('POST', `/v1/accounts/${staff.rob.id}/roles`, { roles: { strict: 'chief' } })
})
afterAll(() => api.close())

interface Approval {
  readonly kind: string
  readonly approve: string
  readonly version: number
  readonly mayApprove: boolean
}
async function approvalsFor(person: Person): Promise<readonly Approval[]> {
  const { status, body } = await person.get('/v1/approvals')
  expect(status).toBe(200)
  return (body as unknown as { approvals: readonly Approval[] }).approvals
}
const kindsOf = (approvals: readonly Approval[]) => approvals.map(({ kind }) => kind)

describe('the list of approvals', () => {
  it('has what the role of the caller allows', async () => {
    expect(kindsOf(await approvalsFor(staff.eve))).toEqual([
      'headline',
      'policy',
      'roles',
      'key',
      'invitation',
    ])
    expect(kindsOf(await approvalsFor(staff.dan))).toEqual(['headline', 'policy'])
    expect(kindsOf(await approvalsFor(staff.ann))).toEqual(['headline'])
    expect(await approvalsFor(staff.rob)).toEqual([])
  })

  it('says what the caller may approve', async () => {
    const may = async (person: Person) =>
      (await approvalsFor(person)).filter(({ mayApprove }) => mayApprove).map(({ kind }) => kind)
    expect(await may(staff.ann)).toEqual([])
    expect(await may(staff.bob)).toEqual(['headline'])
    expect(await may(staff.dan)).toEqual(['headline'])
    expect(await may(staff.eve)).toEqual(['headline', 'policy'])
  })

  it('names the path and the version of each approval, and is empty after them', async () => {
    for (const { approve, version } of await approvalsFor(fay)) {
      expect((await fay.send('POST', approve, {}, { 'If-Match': `"${version}"` })).status).toBe(200)
    }
    expect(await approvalsFor(fay)).toEqual([])
  })
})

describe('a refusal says what is missing', () => {
  it('names the missing field', async () => {
    const { body } = await staff.ann.write({ text: 'Port closes', then: 'submit' }, { feed: 'strict' })
    const reply = await staff.bob.act(body.headline.id, 'return', 1, {}, { feed: 'strict' })
    expect([reply.status, reply.body]).toMatchObject([
      422,
      { code: 'invalid-body', errors: [{ field: '/reason', message: 'is missing: say why' }] },
    ])
  })

  it('names the admins who may approve a key, to its holder and its owner', async () => {
    const made = await staff.eve.send('POST', '/v1/keys', { name: 'Late', roles: { strict: 'editor' } })
    const { id, key } = made.body as unknown as { id: string; key: string }
    const used = await api.request('/v1/session', { key })
    expect([used.status, used.body]).toMatchObject([
      401,
      { detail: expect.stringContaining('second admin: Fay') },
    ])
    const own = await staff.eve.send('POST', `/v1/keys/${id}/approve`, undefined, { 'If-Match': '"1"' })
    expect(own.body).toMatchObject({ code: 'self-approval', detail: expect.stringContaining('Fay') })
  })
})
