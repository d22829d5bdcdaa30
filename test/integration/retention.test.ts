import { describe, expect, it, jest } from '@jest/globals'
import type { Archive } from '../../src/archive/archive.ts'
import { bringBack } from '../../src/archive/reading/bring-back.ts'
import { applyRetention } from '../../src/archive/retention.ts'
import { walkAudit } from '../../src/eventlog/audit/walk-audit.ts'
import { policySchema } from '../../src/protocol/policy.ts'
import type { TestApi } from '../support/api-server.ts'
import { moveAll } from '../support/archive/moved.ts'
import { withArchivedApi } from '../support/archive/with-archived-api.ts'

const DAY_MS = 86_400_000
let archive: Archive
let api: TestApi
withArchivedApi((opened) => ({ archive, api } = opened))

const admin = (path: string, body?: object, headers = {}) =>
  api.request(`/v1/feeds/en/${path}`, {
    key: api.keys.admin,
    ...(body && { method: 'POST', body }),
    headers,
  })

async function endedLine(text: string): Promise<string> {
  const { id } = (await api.publish({ text })).body.headline
  await api.act(id, 'withdraw', {})
  await moveAll(api.store, archive)
  return id
}

/** Makes an archived headline older, as time does. */
async function age(id: string, days: number): Promise<void> {
  const [line] = await archive.readLines('en', [id])
  await archive.write({ lines: [{ ...line!, endedAt: line!.endedAt - days * DAY_MS }] })
}

async function setRetention(retention: object | undefined): Promise<void> {
  const { headers, body } = await admin('policy')
  const { policy } = body as unknown as { policy: object }
  const { retention: _, ...rest } = policySchema.parse(policy)
  const answer = await api.request('/v1/feeds/en/policy', {
    method: 'PUT',
    key: api.keys.admin,
    headers: { 'if-match': headers.get('etag')! },
    body: { ...rest, ...(retention && { retention }) },
  })
  expect(answer.status).toBe(200)
}

const everything = async () => {
  const addresses = ['headlines?limit=100', 'audit?limit=500', 'headlines/export?format=ndjson']
  const texts = await Promise.all(
    addresses.map(async (address) =>
      (
        await fetch(`${api.url}/v1/feeds/en/${address}`, {
          headers: { authorization: `Bearer ${api.keys.admin}` },
        })
      ).text(),
    ),
  )
  return texts.join()
}

describe('retention', () => {
  it('erases the words of headlines that ended before its days, previews them, and leaves the chain whole', async () => {
    const [old, recent] = [await endedLine('Rosalind arrested'), await endedLine('Bridge closed')]
    await age(old, 10)
    expect((await admin('retention/preview')).body).toEqual({})
    expect((await admin('retention/preview?wordsDays=7')).body).toMatchObject({
      words: { count: 1, lines: [{ id: old }] },
    })
    expect((await admin('retention/preview?wordsDays=11')).body).toMatchObject({ words: { count: 0 } })
    expect((await admin('retention/preview?auditDays=7')).body).toEqual({
      audit: { before: expect.any(String), count: 0 },
    })
    expect((await admin('retention/preview?wordsDays=0')).body.code).toBe('invalid-query')
    expect(await applyRetention(api.store, archive, 'en')).toEqual({ lines: 0, entries: 0, addresses: 0 })

    await setRetention({ wordsDays: 7 })
    const preview = await admin('retention/preview')
    expect(preview.body).toMatchObject({
      words: { count: 1, lines: [{ id: old, status: 'withdrawn', text: 'Rosalind arrested' }] },
    })
    expect(await everything()).toContain('Rosalind')

    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 5 * DAY_MS)
    // By one of the two clocks it is not old enough.
    expect(await applyRetention(api.store, archive, 'en')).toMatchObject({ lines: 0 })
    clock.mockRestore()

    expect(await applyRetention(api.store, archive, 'en')).toEqual({ lines: 1, entries: 0, addresses: 0 })
    expect(await applyRetention(api.store, archive, 'en')).toMatchObject({ lines: 0 })

    expect(await everything()).not.toContain('Rosalind')
    expect(await everything()).toContain('Bridge closed')
    expect((await api.read(old)).body).toMatchObject({ id: old, status: 'withdrawn', erased: true })
    expect((await api.read(recent)).body).not.toHaveProperty('erased')
    expect((await api.act(old, 'withdraw', {})).body.code).toBe('headline-erased')
    expect((await api.request('/v1/feeds/en/headlines?q=rosalind', { key: api.keys.reader })).body).toEqual({
      headlines: [],
    })
    const { body } = await admin('audit?limit=500')
    const runs = (body as unknown as { entries: { action: string; detail: object }[] }).entries.filter(
      ({ action }) => action === 'erased',
    )
    expect(runs).toMatchObject([{ detail: { lines: 1, entries: 0, addresses: 0 } }])
    expect(await walkAudit(api.store, 'en', [], archive)).toMatchObject({
      fault: undefined,
      erased: 0,
    })
  })

  it('keeps a headline that has come back', async () => {
    const id = await endedLine('It has a life again')
    await age(id, 10)
    expect((await api.act(id, 'restore', { version: 1 }, { 'if-match': '"2"' })).status).not.toBe(200)
    await api.store.redis.hset(api.store.keys.feed('en').states, id, '{"version":2,"status":"withdrawn"}')
    await setRetention({ wordsDays: 7 })

    expect((await admin('retention/preview')).body).toMatchObject({ words: { count: 0, lines: [] } })
    expect(await applyRetention(api.store, archive, 'en')).toMatchObject({ lines: 0 })
    await api.store.redis.hdel(api.store.keys.feed('en').states, id)
    expect(await applyRetention(api.store, archive, 'en')).toMatchObject({ lines: 1 })
  })

  it('erases addresses and entries of the audit, whose hashes the check still follows', async () => {
    await endedLine('Tram line opens')
    const own = await archive.readAudit('en', 0, 500)
    expect(own.length).toBeGreaterThan(3)
    await archive.eraseAudit('en', Date.now(), 'address', 500)
    expect(JSON.stringify((await admin('audit?limit=500')).body)).not.toContain('"ip"')
    const addressed = await walkAudit(api.store, 'en', [], archive)
    expect(addressed.fault).toBeUndefined()
    expect(addressed.erased).toBeGreaterThan(0)

    await archive.eraseAudit('en', Date.now(), 'entry', 2)
    const { body } = await admin('audit?limit=3')
    expect(body).toMatchObject({
      entries: [
        { n: 1, chain: own[0]!.chain, erased: true },
        { n: 2, erased: true },
        { n: 3, action: expect.any(String) },
      ],
    })
    const walked = await walkAudit(api.store, 'en', [{ n: 2, chain: own[1]!.chain }], archive)
    expect(walked).toMatchObject({ fault: undefined })
    expect(await walkAudit(api.store, 'en', [{ n: 2, chain: 'f'.repeat(40) }], archive)).toMatchObject({
      fault: { n: 2 },
    })
  })

  it('finds addresses of archived headlines in the audit only, where it erases them', async () => {
    const id = await endedLine('A tram with an address')
    expect(JSON.stringify(await archive.readLines('en', [id]))).not.toContain('"ip')
  })

  it('refuses days that are no days', async () => {
    const { headers } = await admin('policy')
    const put = (retention: object) =>
      api.request('/v1/feeds/en/policy', {
        method: 'PUT',
        key: api.keys.admin,
        headers: { 'if-match': headers.get('etag')! },
        body: { retention },
      })
    expect((await put({ wordsDays: 0 })).body.code).toBe('invalid-body')
    expect((await put({ wordDays: 5 })).body.code).toBe('invalid-body')
  })
})

describe('the erasure of one headline', () => {
  it('takes its words at once, with a reason in the audit, also from the log of Redis', async () => {
    const id = await endedLine('Geraldine named')
    const answer = await admin(`headlines/${id}/erasure`, { reason: 'court order 7' })

    expect(answer).toMatchObject({ status: 200, body: { id, erased: true } })
    expect(await everything()).not.toContain('Geraldine')
    expect(await everything()).toContain('court order 7')
    const { log } = api.store.keys.feed('en')
    expect(JSON.stringify(await api.store.redis.xrange(log, '-', '+'))).not.toContain('Geraldine')
    expect((await admin(`headlines/${id}/erasure`, { reason: 'again' })).status).toBe(200)
  })

  it('takes reasons of its acts too, which often repeat its words', async () => {
    const { id } = (await api.publish({ text: 'A minor is named' })).body.headline
    await api.act(id, 'withdraw', { reason: 'Theodora is a minor' })
    await moveAll(api.store, archive)
    expect(JSON.stringify(await archive.readLines('en', [id]))).toContain('Theodora')
    await admin(`headlines/${id}/erasure`, { reason: 'court order 8' })
    expect(JSON.stringify(await archive.readLines('en', [id]))).not.toContain('Theodora')
    expect((await api.read(id)).body.versions[1]).toMatchObject({
      action: 'withdraw',
      act: { name: expect.any(String) },
    })
  })

  it('is not undone by an act that has read the words before', async () => {
    const id = await endedLine('Philippa named')
    const [line] = await archive.readLines('en', [id])
    const late = new Proxy(archive, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (name !== 'readLines') return typeof value === 'function' ? (value.bind(target) as unknown) : value
        return async (...args: Parameters<Archive['readLines']>) => {
          const read = await target.readLines(...args)
          await target.eraseWords('en', [id])
          return read
        }
      },
    })

    expect(await bringBack({ store: api.store, archive: () => late }, 'en', id)).toBe('erased')
    expect(await api.store.redis.hexists(api.store.keys.feed('en').states, line!.id)).toBe(0)
  })

  it('is refused for a headline in Redis, without a reason, and to less than an admin', async () => {
    const { id } = (await api.publish({ text: 'It shows' })).body.headline
    expect((await admin(`headlines/${id}/erasure`, { reason: 'x' })).body.code).toBe('headline-not-archived')
    expect((await admin(`headlines/${id}/erasure`, {})).body.code).toBe('invalid-body')
    expect((await admin(`headlines/${'a'.repeat(22)}/erasure`, { reason: 'x' })).body.code).toBe(
      'no-such-headline',
    )
    const editor = await api.post(`/v1/feeds/en/headlines/${id}/erasure`, { reason: 'x' })
    expect(editor.body.code).toBe('forbidden')
  })
})
