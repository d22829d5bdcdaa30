import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startApi, type TestApi } from '../support/api-server.ts'
import { newcomer, type Browser } from '../support/browser.ts'
import {
  feedWith,
  newPerson,
  nobodyAlone,
  staffOf,
  type DeskReply,
  type Person,
  type Staff,
} from '../support/newsroom.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

let api: TestApi
let staff: Staff
let zoe: Person
let zoesOtherKey: string
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  // Created before the two-person rule is on, since a key then needs a second admin.
  zoe = await newPerson(api, 'Zoe', { '*': 'admin' })
  const other = { method: 'POST', key: zoe.key, body: { name: 'another', role: 'admin' } }
  zoesOtherKey = (await api.request('/v1/keys', other)).body.key
  await feedWith(api, 'strict', { alone: nobodyAlone })
  await feedWith(api, 'short', { maxGraphemes: 20, expiry: { bulletin: { maxMs: DAY } } })
})
afterAll(() => api.close())

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
const problem = ({ status, body }: DeskReply) => [status, body.code]

async function draft(extra: object = {}, feed = 'en'): Promise<string> {
  return (await staff.ann.write({ text: 'Bridge closed', then: 'keep', ...extra }, { feed })).body.headline.id
}

async function liveHeadline(text = 'Bridge closed'): Promise<string> {
  return (await staff.bob.write({ text })).body.headline.id
}

type Case = [status: number, code: string, ask: () => Promise<DeskReply>]

const cases: Record<string, Case> = {
  'a reader who posts': [403, 'forbidden', () => staff.rob.write({ text: 'x', then: 'keep' })],
  'a reader who withdraws': [403, 'forbidden', async () => staff.rob.act(await draft(), 'withdraw', 1)],
  'a reporter who approves': [403, 'forbidden', async () => staff.ann.act(await draft(), 'approve', 1)],
  'a reporter who edits a due headline': [
    403,
    'forbidden',
    async () => {
      const { body } = await staff.bob.write({ text: 'Later', releaseAt: inMs(HOUR) })
      return staff.ann.act(body.headline.id, 'save', 1, { text: 'Now' })
    },
  ],
  "a reporter who discards somebody else's draft": [
    403,
    'forbidden',
    async () => {
      const { body } = await staff.bob.write({ text: 'Mine', then: 'keep' })
      return staff.ann.act(body.headline.id, 'discard', 1)
    },
  ],
  'a reporter who releases': [403, 'two-person-required', () => staff.ann.write({ text: 'x' })],
  'an editor who releases where the rule is on': [
    403,
    'two-person-required',
    () => staff.bob.write({ text: 'x' }, { feed: 'strict' }),
  ],
  "an editor who releases somebody's draft where the rule is on": [
    403,
    'two-person-required',
    async () => staff.bob.act(await draft({}, 'strict'), 'release', 1, {}, { feed: 'strict' }),
  ],
  'an admin who schedules alone where the rule is on': [
    403,
    'two-person-required',
    () => staff.eve.write({ text: 'x', releaseAt: inMs(HOUR) }, { feed: 'strict' }),
  ],
  'an author who approves their own headline': [
    403,
    'self-approval',
    async () => {
      const { body } = await staff.bob.write({ text: 'x', then: 'submit' }, { feed: 'strict' })
      return staff.bob.act(body.headline.id, 'approve', 1, {}, { feed: 'strict' })
    },
  ],
  'an author who approves their own headline with a key': [
    403,
    'self-approval',
    async () => {
      const { body } = await zoe.write({ text: 'x', then: 'submit' }, { feed: 'strict' })
      const path = `/v1/feeds/strict/headlines/${body.headline.id}/approve`
      const reply: unknown = await api.request(path, {
        method: 'POST',
        key: zoesOtherKey,
        body: {},
        headers: { 'If-Match': '"1"' },
      })
      return reply as DeskReply
    },
  ],
  'an unknown version': [
    404,
    'no-such-version',
    async () => staff.bob.act(await draft(), 'restore', 1, { version: 7 }),
  ],
  'a version without a text': [
    404,
    'no-such-version',
    async () => {
      const id = await draft()
      await staff.ann.act(id, 'submit', 1)
      await staff.bob.act(id, 'return', 2, { reason: 'Why?' })
      return staff.ann.act(id, 'restore', 3, { version: 2 })
    },
  ],
  'a draft that is held': [
    409,
    'illegal-action',
    async () => staff.bob.act(await draft(), 'hold', undefined),
  ],
  'a draft that is withdrawn': [
    409,
    'illegal-action',
    async () => staff.bob.act(await draft(), 'withdraw', undefined),
  ],
  'a live headline that is saved': [
    409,
    'illegal-action',
    async () => staff.bob.act(await liveHeadline(), 'save', 1, { text: 'x' }),
  ],
  'a live headline that is undone': [
    409,
    'illegal-action',
    async () => staff.bob.act(await liveHeadline(), 'undo', 1),
  ],
  'no version': [428, 'precondition-required', async () => staff.bob.act(await draft(), 'submit', undefined)],
  'an older version': [
    412,
    'stale-version',
    async () => {
      const id = await draft()
      await staff.bob.act(id, 'save', 1, { text: 'Bridge open' })
      return staff.ann.act(id, 'save', 1, { text: 'Bridge shut' })
    },
  ],
  'a time that has passed': [
    422,
    'embargo-in-past',
    async () => staff.bob.act(await draft(), 'schedule', 1, { releaseAt: inMs(-HOUR) }),
  ],
  'a submission for a time that has passed': [
    422,
    'embargo-in-past',
    async () => staff.ann.act(await draft(), 'submit', 1, { releaseAt: inMs(-HOUR) }),
  ],
  'a time too far ahead': [
    422,
    'release-too-far',
    async () => staff.bob.act(await draft(), 'schedule', 1, { releaseAt: inMs(400 * DAY) }),
  ],
  'an expiry before the release': [
    422,
    'expires-before-release',
    async () =>
      staff.bob.act(await draft({ expiresAt: inMs(HOUR) }), 'schedule', 1, { releaseAt: inMs(DAY) }),
  ],
  'an expiry that is too late': [
    422,
    'expires-too-late',
    () => staff.bob.write({ text: 'x', expiresAt: inMs(2 * DAY) }, { feed: 'short' }),
  ],
  'a correction with an expiry that is too late': [
    422,
    'expires-too-late',
    async () => staff.bob.act(await liveHeadline(), 'correct', 1, { expiresAt: inMs(40 * DAY) }),
  ],
  'a text over the length budget': [
    422,
    'text-too-long',
    () => staff.ann.write({ text: 'x'.repeat(21), then: 'keep' }, { feed: 'short' }),
  ],
  'a refile with a note': [
    422,
    'invalid-body',
    async () => staff.bob.act(await liveHeadline(), 'correct', 1, { text: 'x', kind: 'refile', note: 'y' }),
  ],
  'a correction without one': [
    422,
    'invalid-body',
    async () => staff.bob.act(await liveHeadline(), 'correct', 1, { text: 'x', kind: 'correction' }),
  ],
  'a return without a reason': [422, 'invalid-body', async () => staff.bob.act(await draft(), 'return', 1)],
  'a save without a change': [
    422,
    'invalid-body',
    async () => staff.bob.act(await draft(), 'save', 1, { reason: 'just so' }),
  ],
  'an invalid `force`': [
    400,
    'invalid-query',
    () => staff.bob.write({ text: 'x' }, { query: '?force=perhaps' }),
  ],
}

describe('is refused', () => {
  it.each(Object.entries(cases))('%s', async (_name, [status, code, ask]) => {
    expect(problem(await ask())).toEqual([status, code])
  })
})

describe('a refusal', () => {
  it('lists the actions that are possible instead', async () => {
    const { body } = await staff.ann.act(await draft(), 'hold', undefined)

    expect(body).toMatchObject({
      code: 'illegal-action',
      headlineStatus: 'draft',
      allowed: ['save', 'submit', 'restore', 'discard'],
    })
  })

  it('has the current version and its changes', async () => {
    const id = await draft({ speaker: 'Police' })
    await staff.bob.act(id, 'save', 1, { text: 'Bridge open', speaker: null, section: 'city' })

    const { body } = await staff.ann.act(id, 'save', 1, { text: 'Bridge shut' })

    expect(body.current).toMatchObject({ id, version: 2, content: { text: 'Bridge open' } })
    expect(body.diff).toEqual([
      { field: 'text', seen: 'Bridge closed', current: 'Bridge open' },
      { field: 'speaker', seen: 'Police' },
      { field: 'section', current: 'city' },
    ])
  })
})

describe('a headline with the text of another one', () => {
  beforeAll(() => feedWith(api, 'once', { duplicateWithinMs: HOUR, undoMs: { urgent: 600_000 } }))
  const once = { feed: 'once' }
  const forced = { feed: 'once', query: '?force=true' }

  it('is refused while the other one is live or due, and accepted with `force`', async () => {
    const text = 'Prime minister resigns'
    const first = await staff.bob.write({ text }, once)
    const again = await staff.cat.write({ text: 'PRIME MINISTER RESIGNS!' }, once)

    expect(problem(again)).toEqual([409, 'duplicate-headline'])
    expect(again.body).toMatchObject({ match: { id: first.body.headline.id, status: 'live', text } })
    expect((await staff.cat.write({ text: 'PRIME MINISTER RESIGNS!' }, forced)).status).toBe(201)
  })

  it('is refused when the texts are nearly equal', async () => {
    const first = await staff.bob.write({ text: 'Tarrow Bridge closed after crack is found' }, once)
    const nearly = { text: 'Tarrow Bridge closed after cracks found' }

    const again = await staff.cat.write(nearly, once)
    expect(again.body).toMatchObject({ code: 'duplicate-headline', match: { id: first.body.headline.id } })
    expect((await staff.cat.write({ ...nearly, then: 'keep' }, once)).status).toBe(201)
    expect((await staff.cat.write(nearly, forced)).status).toBe(201)
  })

  it('is refused at its approval, and while the other one is still due', async () => {
    const twin = { text: 'Airport shut by fog', urgency: 'urgent' }
    const waiting = await staff.bob.write(twin, once)
    expect(waiting.body.headline.status).toBe('due')
    const { body } = await staff.ann.write({ ...twin, then: 'submit' }, once)

    const approved = await staff.cat.act(body.headline.id, 'approve', 1, {}, once)
    expect(approved.body).toMatchObject({
      code: 'duplicate-headline',
      match: { id: waiting.body.headline.id, status: 'due', text: twin.text },
    })
    const anyway = await staff.cat.act(body.headline.id, 'approve', 1, {}, forced)
    expect(anyway.body.headline.status).toBe('due')
  })

  it('is compared with current texts only, and not with its own', async () => {
    const { body } = await staff.bob.write({ text: 'Ferry runs late' }, once)
    const { id } = body.headline
    await staff.bob.act(id, 'correct', 1, { text: 'Harbour ferry cancelled today' }, once)

    expect((await staff.cat.write({ text: 'Ferry runs late' }, once)).status).toBe(201)
    const again = await staff.cat.write({ text: 'Harbour ferry cancelled today' }, once)
    expect(again.body).toMatchObject({ code: 'duplicate-headline', match: { id } })
    expect((await staff.bob.act(id, 'correct', 2, { speaker: 'Harbour' }, once)).status).toBe(200)
  })

  it('is accepted when the other one is gone', async () => {
    const text = 'School closed by storm'
    const { body } = await staff.bob.write({ text }, once)
    await staff.ann.act(body.headline.id, 'withdraw', undefined, {}, once)

    expect((await staff.cat.write({ text }, once)).status).toBe(201)
  })

  it('is no duplicate of its own first request with the same Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'same-draft' }
    const draft = { text: 'Market hall reopens on Monday' }
    const first = await staff.bob.write(draft, { feed: 'once', headers })
    const again = await staff.bob.write(draft, { feed: 'once', headers })

    expect(again.status).toBe(201)
    expect(again.body).toEqual(first.body)
  })
})

describe('a session without a second factor', () => {
  const lines = '/v1/feeds/en/headlines'
  let browser: Browser
  beforeAll(async () => {
    await feedWith(api, 'easy', { flashNeedsSecondFactor: false })
    browser = await newcomer(api, 'fay@example.org', { en: 'editor', easy: 'editor' })
  })
  const act = (id: string, action: string, version: number, body: object = {}) =>
    browser.send(`${lines}/${id}/${action}`, {
      method: 'POST',
      body,
      headers: { 'If-Match': `"${version}"` },
    })
  const refused = [403, 'second-factor-required']

  it('neither releases a flash nor turns a headline into one', async () => {
    const flash = { text: 'Quake', urgency: 'flash' }
    const posted = await browser.post(lines, flash)
    expect([posted.status, posted.body.code]).toEqual(refused)
    expect(posted.body).toMatchObject({
      detail: expect.stringContaining('add one with `POST /v1/account/second-factor`'),
    })
    const { body } = await staff.ann.write({ ...flash, then: 'submit' })
    const approved = await act(body.headline.id, 'approve', 1)
    expect([approved.status, approved.body.code]).toEqual(refused)
    const raised = await act(await liveHeadline(), 'correct', 1, { urgency: 'flash' })
    expect([raised.status, raised.body.code]).toEqual(refused)
  })

  it('releases other headlines, withdraws a flash, and releases a flash if the policy allows it', async () => {
    expect((await browser.post(lines, { text: 'No flash' })).status).toBe(201)
    const { body } = await staff.bob.write({ text: 'Quake', urgency: 'flash' })
    expect((await act(body.headline.id, 'withdraw', 1)).status).toBe(200)
    const easy = '/v1/feeds/easy/headlines'
    expect((await browser.post(easy, { text: 'Quake', urgency: 'flash' })).status).toBe(201)
  })
})

describe('a key that releases too fast', () => {
  it('is frozen in every feed, and still holds, withdraws and writes drafts', async () => {
    await feedWith(api, 'paced', { releasesPerMinute: 3 })
    const paced = { feed: 'paced' }
    const lines = []
    for (let n = 0; n < 4; n++) lines.push(await staff.bob.write({ text: `Line ${n}` }, paced))

    expect(lines.map(({ status }) => status)).toEqual([201, 201, 201, 403])
    expect(lines[3]?.body.code).toBe('key-frozen')
    const id = lines[0]?.body.headline.id ?? ''
    expect((await staff.bob.act(id, 'correct', 1, { text: 'x' }, paced)).body.code).toBe('key-frozen')
    expect((await staff.bob.act(id, 'hold', undefined, {}, paced)).status).toBe(200)
    expect((await staff.bob.act(id, 'withdraw', undefined, {}, paced)).status).toBe(200)
    const draft = await staff.bob.write({ text: 'A draft', then: 'keep' }, paced)
    expect(draft.body.headline.status).toBe('draft')
    const draftId = draft.body.headline.id
    expect((await staff.bob.act(draftId, 'save', 1, { text: 'Better' }, paced)).status).toBe(200)
    for (const act of ['submit', 'release']) {
      expect((await staff.bob.act(draftId, act, 2, {}, paced)).body.code).toBe('key-frozen')
    }
    expect((await staff.bob.write({ text: 'Elsewhere' })).body.code).toBe('key-frozen')
    expect((await staff.cat.write({ text: 'By another key' }, paced)).status).toBe(201)
    const { body } = await staff.dan.get('/v1/feeds/paced/freeze')
    expect(body).toMatchObject({ frozen: null, keys: [{ id: staff.bob.keyId, perMinute: 3 }] })
    const { entries } = (await staff.dan.get('/v1/feeds/strict/audit?limit=500')).body
    expect(entries.filter(({ action }) => action === 'key-frozen')).toMatchObject([
      { act: { person: 'flashline' }, detail: { keyId: staff.bob.keyId, perMinute: 3, in: 'paced' } },
    ])
  })
})
