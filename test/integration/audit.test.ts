import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis } from '../../scripts/support/redis-server.mjs'
import { walkAudit } from '../../src/eventlog/audit/walk-audit.ts'
import { freeze, thaw } from '../../src/eventlog/feeds/freeze.ts'
import { redisKeys } from '../../src/eventlog/store/redis-keys.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import {
  readAudit,
  readAuditHead,
  type AuditHead,
  type RawAuditEntry,
} from '../../src/eventlog/audit/read-audit.ts'
import { readHeads } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { correct, hold, newId, publish, resume, save, testAct, withdraw } from '../support/changes.ts'
import { projectRoot } from '../support/cluster.ts'
import { createTestFeed, freshPrefix, openTestStore, testRedisUrl } from '../support/redis.ts'

describe('the check of the audit', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>
  let store: Store
  let first: string
  let entries: RawAuditEntry[]
  let head: AuditHead
  beforeAll(async () => {
    opened = await openTestStore()
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    store = { ...opened, keys: redisKeys(freshPrefix()) }
    await createTestFeed(store)
    first = await work()
    entries = await readAudit(store, 'en', 0, 1_000)
    head = await readAuditHead(store, 'en')
  })

  /** Acts of every kind that an audit contains. */
  async function work(): Promise<string> {
    const ids = [newId(), newId()]
    for (const id of ids) {
      await save(store, publish(id, `Line ${id}`))
      await releaseDue(store, 'en')
      await save(store, correct(id, 1, `Corrected ${id}`))
      await save(store, hold(id, { content: { note: 'We check' } }))
      await save(store, resume(id, 3))
      await save(store, withdraw(id))
      await releaseDue(store, 'en')
    }
    await freeze(store, 'en', { ...testAct, reason: 'a test' }, Date.now())
    await thaw(store, 'en', testAct)
    return ids[0] ?? ''
  }

  const fault = async (known?: readonly AuditHead[]) => (await walkAudit(store, 'en', known)).fault
  const keys = () => store.keys.feed('en')

  /** Replaces all entries. */
  async function replace(changed: readonly RawAuditEntry[], newHead = head): Promise<void> {
    await store.redis.del(keys().audit)
    for (const { n, chain, json } of changed) {
      // Redis does not accept the id 0-0.
      await store.redis.xadd(keys().audit, n === 0 ? '0-1' : `${n}-0`, 'c', chain, 'a', json)
    }
    await store.redis.hset(keys().auditHead, { ...newHead })
  }

  /** Replaces all entries and computes their chains again, as an attacker would. */
  function chained(changed: readonly { readonly json: string }[]): RawAuditEntry[] {
    let chain = ''
    return changed.map(({ json }, index) => {
      chain = createHash('sha1')
        .update(chain + json)
        .digest('hex')
      return { n: index + 1, chain, json }
    })
  }

  it('finds no fault in an unchanged audit', async () => {
    expect(entries.length).toBeGreaterThan(15)
    expect(await walkAudit(store, 'en')).toEqual({ head, fault: undefined, forks: [], erased: 0, gone: 0 })
    expect(await fault([head, entries[4] ?? head])).toBeUndefined()
    expect((await walkAudit(store, 'desk')).fault).toBeUndefined()
  })

  it('finds a change of any member of any entry', async () => {
    let looked = 0
    for (const [index, entry] of entries.entries()) {
      const members = Object.keys(JSON.parse(entry.json) as object)
      for (const member of members) {
        const tampered = { ...(JSON.parse(entry.json) as object), [member]: 'other' }
        await replace(entries.with(index, { ...entry, json: JSON.stringify(tampered) }))
        expect(await fault()).toEqual({ n: entry.n, fault: 'changed' })
        looked++
      }
      await replace(
        entries.with(index, { ...entry, chain: entry.chain.replace(/./, (c) => (c === '0' ? '1' : '0')) }),
      )
      expect(await fault()).toEqual({ n: entry.n, fault: 'changed' })
    }
    expect(looked).toBeGreaterThan(100)
  })

  it('finds a removed entry at any position', async () => {
    for (const [index, { n }] of entries.entries()) {
      await replace(entries.toSpliced(index, 1))
      expect(await fault()).toEqual({ n: n === entries.length ? n : n + 1, fault: 'missing' })
    }
  })

  it('finds swapped entries and an added entry', async () => {
    const [a, b] = [entries[3], entries[4]]
    if (!a || !b) throw new Error('the audit has too few entries')
    await replace(entries.with(3, { ...b, n: a.n }).with(4, { ...a, n: b.n }))
    expect(await fault()).toEqual({ n: a.n, fault: 'changed' })

    const more = chained([...entries, { json: JSON.stringify({ n: entries.length + 1, act: testAct }) }])
    await replace(more)
    expect(await fault()).toEqual({ n: more.length, fault: 'changed' })

    await replace(entries)
    await store.redis.xadd(keys().audit, `${head.n}-1`, 'c', head.chain, 'a', '{}')
    expect(await fault()).toBeDefined()

    await replace([{ n: 0, chain: '', json: '{}' }, ...entries])
    expect(await fault()).toEqual({ n: head.n, fault: 'changed' })
  })

  it('finds removed newest entries, with and without a changed head', async () => {
    const rest = entries.slice(0, -3)
    await replace(rest)
    expect(await fault()).toEqual({ n: rest.length + 1, fault: 'missing' })

    const last = rest.at(-1) ?? head
    await replace(rest, { n: last.n, chain: last.chain })
    expect(await fault()).toBeUndefined()
    expect(await fault([head])).toEqual({ n: head.n, fault: 'missing' })
  })

  it.each([
    ['number', () => ({ n: head.n - 1, chain: head.chain })],
    ['chain', () => ({ n: head.n, chain: entries[0]?.chain ?? '' })],
    ['number beyond the end', () => ({ n: head.n + 1, chain: head.chain })],
  ])('finds a head with another %s', async (_what, changed) => {
    await store.redis.hset(keys().auditHead, changed())
    expect(await fault()).toBeDefined()
  })

  it('finds a removed head and a removed audit', async () => {
    await store.redis.del(keys().auditHead)
    expect(await fault()).toEqual({ n: head.n, fault: 'changed' })
    await store.redis.del(keys().audit)
    expect(await fault()).toBeUndefined()
    expect(await fault([head])).toEqual({ n: head.n, fault: 'missing' })
  })

  it('finds a saved text that was changed or removed', async () => {
    const { versions } = keys()
    const field = `${first}:2:content`
    const saved = (await store.redis.hget(versions, field)) ?? ''
    const entry = entries.find(({ json }) => json.includes(first) && json.includes('"correct"'))

    await store.redis.hset(versions, field, saved.replace('Corrected', 'corrected'))
    expect(await fault()).toEqual({ n: entry?.n, fault: 'content' })
    await store.redis.hdel(versions, field)
    expect(await fault()).toEqual({ n: entry?.n, fault: 'content' })
    await store.redis.hset(versions, field, saved)
    expect(await fault()).toBeUndefined()
  })

  it('finds a completely rewritten chain only with a head that was noted before', async () => {
    const other = chained(
      entries.with(2, {
        ...entries[2],
        json: (entries[2]?.json ?? '').replace('Tess', 'Theo'),
      } as RawAuditEntry),
    )
    const newHead = other.at(-1) ?? head
    await replace(other, { n: newHead.n, chain: newHead.chain })

    expect(await fault()).toBeUndefined()
    expect(await fault([head])).toEqual({ n: head.n, fault: 'changed' })
  })

  it('finds a stored text that is not an entry', async () => {
    await replace(chained(entries.with(5, { n: 6, chain: '', json: 'nonsense' })))
    expect(await fault()).toEqual({ n: 6, fault: 'changed' })
  })

  it('finds no fault while acts are written, over many reads', async () => {
    const writing = (async () => {
      for (let n = 0; n < 1_200; n += 60) {
        await Promise.all(Array.from({ length: 60 }, () => save(store, publish(newId(), `Line ${n}`))))
      }
    })()
    const seen: unknown[] = []
    const state = { done: false }
    void writing.finally(() => (state.done = true))
    while (!state.done) seen.push(await fault())
    await writing
    const { head: last, fault: end } = await walkAudit(store, 'en')

    expect(seen.length).toBeGreaterThan(1)
    expect([...new Set(seen), end]).toEqual([undefined, undefined])
    expect(last.n).toBe(entries.length + 1_200)
    await store.redis.xdel(keys().audit, '1005-0')
    expect(await fault()).toEqual({ n: 1_006, fault: 'missing' })
  })

  describe('as npm run audit:verify', () => {
    function run(...args: string[]): Promise<{ code: number; output: string }> {
      return runIn({ REDIS_URL: testRedisUrl, REDIS_PREFIX: keys().audit.split(':')[0] }, ...args)
    }
    function runIn(settings: object, ...args: string[]): Promise<{ code: number; output: string }> {
      const env = { ...process.env, ...settings }
      return new Promise((resolve) => {
        const script = join(projectRoot, 'scripts/audit-verify.mjs')
        execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
          resolve({ code: Number(error?.code ?? 0), output: stdout + stderr })
        })
      })
    }
    const printed = () => `en:${head.n}:${head.chain}`

    it('prints its findings, also compared with a noted head', async () => {
      const good = await run('--expect', printed())
      await store.redis.xdel(keys().audit, '3-0')
      const bad = await run()

      expect(good).toEqual({ code: 0, output: `desk:0: ok\n${printed()} ok\n` })
      expect(bad).toEqual({ code: 1, output: `desk:0: ok\n${printed()} entry 4: missing\n` })
    })

    it('names an entry that says that Redis has lost events, which is no fault', async () => {
      const [before] = await readHeads(store, ['en'])
      if (!before) throw new Error('the feed has no head')
      const lost = { ...before, seq: before.seq + 5 }
      await releaseDue(store, 'en', lost)
      const [after] = await readHeads(store, ['en'])
      const { forks, fault } = await walkAudit(store, 'en')
      const missing = `${before.epoch}:${lost.seq}`
      const position = `${after?.epoch}:${before.seq}`
      expect([forks, fault]).toEqual([
        [expect.objectContaining({ n: head.n + 1, detail: expect.objectContaining({ missing, position }) })],
        undefined,
      ])

      const { code, output } = await run()
      expect([code, output]).toEqual([0, expect.stringMatching(/^en:\d+:\w+ ok$/m)])
      expect(output).toContain(`en: entry ${head.n + 1} of `)
      expect(output).toContain(`${missing} is gone, the log goes on at ${position}`)
    })

    it('finds a removed feed by a noted head', async () => {
      const { code, output } = await run('--expect', `gone:7:${head.chain}`)
      expect([code, output]).toEqual([1, expect.stringContaining('gone:0: entry 7: missing')])
    })

    it.each([
      [['--expect', 'en:1'], 'not "en:1"'],
      [['--wrong'], '--wrong'],
    ])('refuses %j', async (args, why) => {
      const { code, output } = await run(...args)
      expect([code, output]).toEqual([2, expect.stringContaining(why)])
    })

    it('reads the Redis of a running npm start', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'flashline-audit-'))
      const settings = { DATA_DIR: folder, REDIS_PREFIX: 'fl' }
      const redis = await startRedis({ dataDir: join(folder, 'redis') })
      const running = await runIn(settings)
      await redis.stop()
      const stopped = await runIn(settings)
      await rm(folder, { recursive: true })

      expect(running).toEqual({ code: 0, output: 'desk:0: ok\n' })
      expect(stopped).toEqual({ code: 2, output: expect.stringContaining('No Redis is known') })
    })

    it('names in its help the changes that it cannot find', async () => {
      expect((await run('--help')).output).toContain('rewrite a whole chain')
    })
  })
})

describe('the routes of the audit', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi()
  })
  afterAll(() => api.close())

  interface Page {
    readonly entries: readonly {
      readonly n: number
      readonly action: string
      readonly headline?: string
      readonly chain: string
    }[]
    readonly head: AuditHead
    readonly through?: number
  }
  const read = async (path: string, key = api.keys.admin) => {
    const { status, body } = await api.request(path, { key })
    return { status, code: body.code, ...(body as unknown as Page) }
  }

  it('show the acts in a feed with their actors, page by page', async () => {
    const { id } = (await api.publish()).body.headline
    await api.act(id, 'withdraw', { reason: 'wrong' })

    const all = await read('/v1/feeds/en/audit')
    const second = await read('/v1/feeds/en/audit?after=1&limit=2')
    const end = await read(`/v1/feeds/en/audit?after=${all.head.n}`)

    expect(all.entries.map(({ action }) => action)).toEqual(['release', 'released', 'withdraw', 'released'])
    expect(all.entries[2]).toMatchObject({
      n: 3,
      headline: id,
      before: { status: 'live', version: 1 },
      after: { status: 'withdrawn', version: 2 },
      act: { name: 'editor key', person: 'bootstrap', reason: 'wrong', ip: expect.any(String) },
    })
    expect(all.head).toEqual({ n: 4, chain: all.entries[3]?.chain })
    expect(second.entries).toEqual(all.entries.slice(1, 3))
    expect(end.entries).toEqual([])
  })

  it('show the acts on one headline, page by page, with the entry that was looked at last', async () => {
    const before = (await api.publish()).body.headline.id
    const { id } = (await api.publish()).body.headline
    const other = (await api.publish()).body.headline.id
    for (const each of [other, id, before]) await api.act(each, 'withdraw', { reason: 'wrong' })
    const path = `/v1/feeds/en/audit?headline=${id}`

    const all = await read(path)
    const first = await read(`${path}&limit=1`)
    const rest = await read(`${path}&after=${first.through}`)

    expect(all.entries.map(({ action }) => action)).toEqual(['release', 'released', 'withdraw', 'released'])
    expect(new Set(all.entries.map(({ headline }) => headline))).toEqual(new Set([id]))
    expect(all.through).toBe(all.head.n)
    expect(first).toMatchObject({ through: first.entries[0]?.n, entries: [{ action: 'release' }] })
    expect(rest.entries).toEqual(all.entries.slice(1))
    expect(await read(`/v1/feeds/en/audit?headline=${'x'.repeat(22)}`)).toMatchObject({
      status: 404,
      code: 'no-such-headline',
    })
    expect((await read(path, api.keys.editor)).status).toBe(403)
  })

  it('show once the creation of a feed, with actor and policy', async () => {
    const feed = { id: 'made', title: 'Made', lang: 'en', policy: { maxGraphemes: 200 } }
    const make = () => api.post('/v1/feeds', feed, {}, api.keys.admin)
    expect([(await make()).status, (await make()).status]).toEqual([201, 200])

    const { entries, head } = await read('/v1/feeds/made/audit')
    expect(head.n).toBe(1)
    expect(entries).toMatchObject([
      {
        feed: 'made',
        action: 'feed-made',
        act: { person: 'bootstrap', ip: expect.any(String) },
        detail: { definition: { title: 'Made' }, policy: { version: 1, policy: { maxGraphemes: 200 } } },
      },
    ])
    expect((await walkAudit(api.store, 'made')).fault).toBeUndefined()
  })

  it('show the acts on keys, without secrets', async () => {
    const issued = await api.request('/v1/keys', {
      method: 'POST',
      key: api.keys.admin,
      body: { name: 'Wire', kind: 'service', roles: { en: 'editor' } },
    })
    const { entries } = await read('/v1/audit?limit=500')

    expect(entries.at(-1)).toMatchObject({ action: 'key-issued', detail: { name: 'Wire' } })
    const secret = issued.body.key.split('_').slice(2).join('_')
    expect(secret).toHaveLength(43)
    expect(JSON.stringify(entries)).not.toContain(secret)
  })

  it('are for chiefs and admins', async () => {
    expect(await read('/v1/feeds/en/audit', api.keys.editor)).toMatchObject({
      status: 403,
      code: 'forbidden',
    })
    expect(await read('/v1/audit', api.keys.editor)).toMatchObject({ status: 403, code: 'forbidden' })
  })

  it.each([
    ['/v1/feeds/en/audit?after=-1', 'invalid-query'],
    ['/v1/feeds/en/audit?limit=501', 'invalid-query'],
    ['/v1/audit?since=1', 'invalid-query'],
    ['/v1/feeds/xx/audit', 'no-such-feed'],
    ['/v1/feeds/desk/audit', 'no-such-feed'],
  ])('refuse %s with %s', async (path, code) => {
    expect((await read(path)).code).toBe(code)
  })
})
