import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { startApi, type TestApi } from '../support/api-server.ts'
import { newcomer, type Browser } from '../support/browser.ts'
import { feedWith, staffOf, type Staff } from '../support/newsroom.ts'

const DAY_MS = 86_400_000
const id = 'R80oiUdt_cSumQAvgK3vDg'

let api: TestApi
let staff: Staff
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  await feedWith(api, 'composed', { duplicateWithinMs: 3_600_000 })
})
afterEach(() => {
  api.clock.now = () => Date.now()
})
afterAll(() => api.close())

interface Scratch {
  readonly subject: string
  readonly draft: string
  readonly savedAt: string
}

async function scratchOf(browser: Browser): Promise<readonly Scratch[]> {
  const { body } = await browser.get('/v1/feeds/en/scratch')
  return (body as unknown as { scratch: Scratch[] }).scratch
}
const keep = (browser: Browser, subject: string, draft: unknown) =>
  browser.send(`/v1/feeds/en/scratch/${subject}`, { method: 'PUT', body: { draft } })

describe('unsent words', () => {
  it('belong to one person, in every browser of that person', async () => {
    const ann = await newcomer(api, 'ann@scratch.example', { en: 'reporter' })
    const bob = await newcomer(api, 'bob@scratch.example', { en: 'admin' })
    expect((await keep(ann, 'new', '{"text":"Half a li"}')).status).toBe(200)
    expect((await keep(ann, 'new', '{"text":"Half a line"}')).status).toBe(200)
    expect((await keep(ann, id, '{"text":"A correction"}')).status).toBe(200)

    const other = await newcomer(api, 'cat@scratch.example', { en: 'reporter' })
    await other.signIn('ann@scratch.example', 'correct horse battery')
    expect((await scratchOf(other)).map(({ subject, draft }) => [subject, draft])).toEqual([
      [id, '{"text":"A correction"}'],
      ['new', '{"text":"Half a line"}'],
    ])
    expect(await scratchOf(bob)).toEqual([])

    expect((await other.delete('/v1/feeds/en/scratch/new')).status).toBe(204)
    expect((await other.delete('/v1/feeds/en/scratch/new')).status).toBe(204)
    expect((await scratchOf(ann)).map(({ subject }) => subject)).toEqual([id])
  })

  it('are in no version and no audit', async () => {
    const ann = await newcomer(api, 'audit@scratch.example', { en: 'reporter' })
    await keep(ann, 'new', 'Nobody else reads this')
    const { body } = await staff.eve.get('/v1/feeds/en/audit?limit=500')
    const listed = await staff.eve.get('/v1/feeds/en/headlines?q=nobody')
    expect(JSON.stringify([body, listed.body])).not.toContain('Nobody else')
  })

  it('are gone after seven days, although others are newer', async () => {
    const ann = await newcomer(api, 'old@scratch.example', { en: 'reporter' })
    await keep(ann, 'new', 'old')
    const now = Date.now()
    api.clock.now = () => now + 6.9 * DAY_MS
    await ann.signIn('old@scratch.example', 'correct horse battery')
    await keep(ann, id, 'newer')
    expect(await scratchOf(ann)).toHaveLength(2)
    api.clock.now = () => now + 7.1 * DAY_MS
    await ann.signIn('old@scratch.example', 'correct horse battery')
    expect((await scratchOf(ann)).map(({ draft }) => draft)).toEqual(['newer'])
  })

  it('are bounded in size and number: the oldest give way', async () => {
    const ann = await newcomer(api, 'many@scratch.example', { en: 'reporter' })
    expect((await keep(ann, 'new', 'x'.repeat(8_000))).status).toBe(200)
    expect((await keep(ann, 'new', 'x'.repeat(8_001))).body.code).toBe('invalid-body')
    const begun = Date.now()
    for (let n = 0; n < 25; n++) {
      api.clock.now = () => begun + n
      await keep(ann, `${id.slice(0, -2)}${10 + n}`, `draft ${n}`)
    }
    const drafts = (await scratchOf(ann)).map(({ draft }) => draft)
    expect(drafts).toHaveLength(20)
    expect([drafts[0], drafts.at(-1)]).toEqual(['draft 24', 'draft 5'])
  })

  it('are not for keys, readers and other addresses', async () => {
    expect((await staff.bob.get('/v1/feeds/en/scratch')).body.code).toBe('session-needed')
    const reader = await newcomer(api, 'reader@scratch.example', { en: 'reader' })
    expect((await keep(reader, 'new', 'x')).body.code).toBe('forbidden')
    const ann = await newcomer(api, 'else@scratch.example', { '*': 'reporter' })
    expect((await keep(ann, 'newer', 'x')).body.code).toBe('no-such-headline')
    expect((await ann.get('/v1/feeds/nowhere/scratch')).body.code).toBe('no-such-feed')
  })
})

describe('a text that is not sent yet', () => {
  const compare = (body: object) => staff.bob.send('POST', '/v1/feeds/composed/duplicates', body)

  it('is compared as acceptance compares it, and with those that wait for approval', async () => {
    const { body } = await staff.bob.write({ text: 'Tarrow Bridge closed after crack' }, { feed: 'composed' })
    const live = { id: body.headline.id, status: 'live', text: 'Tarrow Bridge closed after crack' }
    expect((await compare({ text: 'BREAKING: Tarrow bridge closed after cracks' })).body).toEqual({
      match: live,
    })
    expect((await compare({ text: 'Tarrow Bridge opens' })).body).toEqual({ match: null })
    expect((await compare({ text: live.text, id: live.id })).body).toEqual({ match: null })

    await staff.ann.write({ text: 'Council meets at noon', then: 'submit' }, { feed: 'composed' })
    expect((await compare({ text: 'Council meets at noon' })).body).toMatchObject({
      match: { status: 'pending' },
    })
    await staff.ann.write({ text: 'Kept in a drawer', then: 'keep' }, { feed: 'composed' })
    expect((await compare({ text: 'Kept in a drawer' })).body).toEqual({ match: null })
  })

  it('is refused as a headline would be, and not for readers', async () => {
    expect((await compare({ text: '' })).body.code).toBe('invalid-body')
    const reader = await newcomer(api, 'reader@compare.example', { composed: 'reader' })
    expect((await reader.post('/v1/feeds/composed/duplicates', { text: 'x' })).body.code).toBe('forbidden')
  })
})

describe('the templates of a feed', () => {
  const path = '/v1/feeds/composed/templates'
  const template = {
    name: 'Result',
    text: 'Final score: {home} {goals}',
    urgency: 'urgent',
    section: 'sport',
  }
  const put = (id: string, body: object, seen = '"0"', by = staff.bob) =>
    by.send('PUT', `${path}/${id}`, body, { 'If-Match': seen })

  it('are made, changed and removed by editors on the version that they have seen, and audited', async () => {
    const stored = { id: 'result', version: 1, ...template, regions: [], tags: [] }
    const made = await put('result', template)
    expect([made.status, made.headers.get('etag'), made.body]).toEqual([200, '"1"', stored])
    expect((await put('result', template)).body).toMatchObject({ code: 'stale-version', current: stored })
    await put('result', { ...template, name: 'Score' }, '"1"')
    await put('fire', { name: 'Fire', text: 'Fire in {place}' })
    const { templates } = (await staff.rob.get(path)).body as unknown as { templates: { name: string }[] }
    expect(templates.map(({ name }) => name)).toEqual(['Fire', 'Score'])

    const gone = await staff.bob.send('DELETE', `${path}/result`, undefined, { 'If-Match': '"2"' })
    expect(gone.status).toBe(204)
    expect((await staff.rob.get(path)).body).toMatchObject({ templates: [{ id: 'fire' }] })
    const { entries } = (await staff.eve.get('/v1/feeds/composed/audit')).body
    expect(entries.filter(({ action }) => action === 'template')).toHaveLength(4)
  })

  it.each([
    ['a reporter', 403, 'forbidden', 'fire', template, '"1"'],
    ['no version', 428, 'precondition-required', 'fire', template, ''],
    ['a name that is no slug', 404, 'no-such-template', 'Fire!', template, '"0"'],
    ['a text that no headline has', 422, 'invalid-body', 'x', { ...template, text: '' }, '"0"'],
    ['an unknown member', 422, 'invalid-body', 'x', { ...template, releaseAt: 'noon' }, '"0"'],
  ])('are refused with %s', async (what, status, code, id, body, seen) => {
    const by = what === 'a reporter' ? staff.ann : staff.bob
    const reply = await by.send('PUT', `${path}/${id}`, body, seen === '' ? {} : { 'If-Match': seen })
    expect([reply.status, reply.body.code]).toEqual([status, code])
  })

  it('are at most fifty', async () => {
    await feedWith(api, 'full')
    for (let n = 0; n < 50; n++)
      await staff.bob.send('PUT', `/v1/feeds/full/templates/t${n}`, template, { 'If-Match': '"0"' })
    const reply = await staff.bob.send('PUT', '/v1/feeds/full/templates/one-more', template, {
      'If-Match': '"0"',
    })
    expect([reply.status, reply.body.code]).toEqual([409, 'too-many-templates'])
    const gone = await staff.bob.send('DELETE', '/v1/feeds/full/templates/none', undefined, {
      'If-Match': '"1"',
    })
    expect(gone.body.code).toBe('no-such-template')
  })
})
