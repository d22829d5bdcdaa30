import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Database from 'libsql'
import type { Archive } from '../../src/archive/archive.ts'
import { copyAudit } from '../../src/archive/move/copy-audit.ts'
import { moveLines } from '../../src/archive/move/move-lines.ts'
import { readLineAudit } from '../../src/archive/reading/read-line-audit.ts'
import { readAudit, readAuditHead } from '../../src/eventlog/audit/read-audit.ts'
import { walkAudit } from '../../src/eventlog/audit/walk-audit.ts'
import { trimAudit } from '../../src/eventlog/ended/trim.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { libsqlDatabase } from '../support/archive/libsql-database.ts'
import { correct, newId, publish, save, withdraw } from '../support/changes.ts'
import { createTestFeed, openTestStore } from '../support/redis.ts'

describe('the check of an audit whose older part has moved to the archive', () => {
  let database: Awaited<ReturnType<typeof libsqlDatabase>>
  let opened: Awaited<ReturnType<typeof openTestStore>>
  let store: Store
  let archive: Archive
  beforeEach(async () => {
    opened = await openTestStore()
    store = opened
    database = await libsqlDatabase()
    archive = await database.open()
    await createTestFeed(store)
    for (let line = 0; line < 3; line += 1) await endedLine()
    expect(await moveAll()).toBe(3)
    await save(store, publish(newId(), 'A line that stays in Redis'))
    await releaseDue(store, 'en')
  })
  afterEach(async () => {
    await archive.close()
    await database.close()
    await opened.close()
  })

  async function endedLine(): Promise<void> {
    const id = newId()
    await save(store, publish(id, `Line ${id}`))
    await releaseDue(store, 'en')
    await save(store, correct(id, 1, `Corrected ${id}`))
    await save(store, withdraw(id))
    await releaseDue(store, 'en')
  }

  async function moveAll(): Promise<number> {
    const later = Number.MAX_SAFE_INTEGER
    const copied = await copyAudit(store, archive, 'en')
    const moved = await moveLines(store, archive, 'en', later, 100)
    await trimAudit(store, 'en', copied, later)
    return moved
  }

  const walk = () => walkAudit(store, 'en', [], archive)

  /** Changes the file as a person with the right to write it could. */
  function tamper(sql: string): void {
    const file = new Database(database.path, {})
    file.exec(sql)
    file.close()
  }

  it('finds no fault, before and after all of it has moved', async () => {
    const head = await readAuditHead(store, 'en')
    expect(await walk()).toEqual({ head, fault: undefined, forks: [], erased: 0, gone: 0 })
    expect(await store.redis.xlen(store.keys.feed('en').audit)).toBeLessThan(head.n)

    await moveAll()
    expect(await store.redis.xlen(store.keys.feed('en').audit)).toBe(0)
    expect((await walk()).fault).toBeUndefined()
  })

  it('leads to the entries of one headline in both parts, however many stand between', async () => {
    const all = [...(await archive.readAudit('en', 0, 1_000)), ...(await readAudit(store, 'en', 0, 1_000))]
    const entries = [...new Map(all.map((entry) => [entry.n, entry])).values()].sort((a, b) => a.n - b.n)
    const headlines = entries.map(({ json = '{}' }) => (JSON.parse(json) as { headline?: string }).headline)
    for (const id of new Set(headlines)) {
      if (id === undefined) continue
      const own = entries.filter((_, at) => headlines[at] === id)
      const createdAt = Date.parse((JSON.parse(own[0]?.json ?? '') as { at: string }).at)
      const found = await readLineAudit({ store, archive: () => archive }, 'en', {
        id,
        createdAt,
        after: 0,
        limit: 500,
      })
      expect(found.entries.map(({ n }) => n)).toEqual(own.map(({ n }) => n))
      expect(found.through).toBe(found.head.n)
    }
  })

  it('knows heads of both parts', async () => {
    const head = await readAuditHead(store, 'en')
    const [third] = await archive.readAudit('en', 2, 1)
    expect((await walkAudit(store, 'en', [head, third!], archive)).fault).toBeUndefined()
    const wrong = { n: 3, chain: head.chain }
    expect((await walkAudit(store, 'en', [wrong], archive)).fault).toEqual({ n: 3, fault: 'changed' })
  })

  it.each([
    ['a changed entry', `UPDATE audit SET json = json || ' ' WHERE n = 3`, 'changed', 3],
    ['a changed chain hash', `UPDATE audit SET chain = 'x' || chain WHERE n = 4`, 'changed', 4],
    ['a removed entry', 'DELETE FROM audit WHERE n = 5', 'missing', 6],
    ['entries without an end', 'DELETE FROM audit WHERE n > 6', 'missing', undefined],
    ['an archive without the audit', 'DELETE FROM audit', 'missing', undefined],
  ])('finds %s in the archive', async (_what, sql, fault, n) => {
    tamper(sql)
    expect((await walk()).fault).toEqual({ n: n ?? expect.any(Number), fault })
  })

  it('finds changed words of an archived headline', async () => {
    tamper(`UPDATE records SET stored = replace(stored, 'Corrected', 'Invented')`)
    expect((await walk()).fault?.fault).toBe('content')
  })

  it('counts erased entries, and needs no words of erased headlines', async () => {
    const ids = (await archive.findToErase('en', Number.MAX_SAFE_INTEGER, 10)).map(({ id }) => id)
    expect(await archive.eraseWords('en', ids)).toBe(3)
    expect((await walk()).fault).toBeUndefined()
    const erased = await archive.eraseAudit('en', Number.MAX_SAFE_INTEGER, 'entry', 4)
    expect(await walk()).toMatchObject({ fault: undefined, erased })
    expect(erased).toBe(4)
  })

  it('names the first entry that is missing without an archive', async () => {
    expect((await walkAudit(store, 'en')).fault?.fault).toBe('missing')
  })
})
