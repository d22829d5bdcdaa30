import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { startRedis, type EmbeddedRedis } from '../../scripts/support/redis-server.mjs'
import { readAudit } from '../../src/eventlog/audit/read-audit.ts'
import { walkAudit } from '../../src/eventlog/audit/walk-audit.ts'
import { eventOf, readAfter } from '../../src/eventlog/read-log.ts'
import { releaseDue } from '../../src/eventlog/release-due.ts'
import { redisRights } from '../../src/eventlog/store/redis-users.ts'
import { openStore, type Store } from '../../src/eventlog/store/store.ts'
import { messageOf } from '../../src/platform/errors.ts'
import { correct, hold, newId, onceOnly, publish, resume, save } from '../support/changes.ts'
import { createTestFeed } from '../support/redis.ts'

let folder: string
let redis: EmbeddedRedis
let admin: Redis
let connections: Redis[]
let asApi: Store
let asWorker: Store

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flashline-channels-'))
  redis = await startRedis({ dataDir: join(folder, 'redis'), admin: true })
  admin = new Redis(redis.urlFor('admin'))
  const as = (user: 'api' | 'worker') => new Redis(redis.urlFor(user), { disableClientInfo: true })
  connections = [as('api'), as('worker')]
  ;[asApi, asWorker] = connections.map((own) => openStore(own, { keptEvents: 100 })) as [Store, Store]
  await createTestFeed(openStore(admin, { keptEvents: 100 }))
})
afterEach(async () => {
  for (const connection of [admin, ...connections]) connection.disconnect()
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Takes the right to channels of a kind from a user, as a wrong ACL file does. */
async function refuse(user: 'api' | 'worker', kinds: readonly string[]): Promise<void> {
  const kept = redisRights()[user].filter((rule) => {
    return rule.startsWith('&') && !kinds.some((kind) => rule.endsWith(`:${kind}`) || rule === '&fl:*')
  })
  await admin.acl('SETUSER', user, 'resetchannels', ...kept)
}

async function log(): Promise<string[]> {
  const entries = await readAfter(asApi, 'en', 0, 100)
  return entries.map(eventOf).map(({ op, headline }) => `${op} ${headline.version}`)
}

async function audited(): Promise<unknown[]> {
  return (await readAudit(asApi, 'en', 0, 100)).map(({ json }) => {
    const { action, after } = JSON.parse(json) as { action: string; after?: { version: number } }
    return `${action} ${after?.version}`
  })
}

describe.each([
  ['the live channel', ['live']],
  ['the desk channel', ['desk']],
  ['any channel', ['live', 'desk']],
])('without the right to publish on %s', (_name, kinds) => {
  it('a worker releases a correction, a hold and a resume once each, however often it looks', async () => {
    const id = newId()
    await save(asApi, publish(id, 'First'))
    await refuse('worker', kinds)

    for (const change of [correct(id, 1, 'Second'), hold(id), resume(id, 3)]) {
      await releaseDue(asWorker, 'en').catch(() => undefined)
      await save(asApi, change)
      for (let look = 0; look < 3; look++) await releaseDue(asWorker, 'en').catch(() => undefined)
    }
    expect(await log()).toEqual(['publish 1', 'correct 2', 'hold 3', 'resume 4'])
    expect((await audited()).filter((entry) => String(entry).startsWith('released'))).toEqual([
      'released 1',
      'released 2',
      'released 3',
      'released 4',
    ])
  })

  it('the api accepts an act once, with one entry in the audit', async () => {
    await refuse('api', kinds)
    const change = publish(newId(), 'First')
    const once = onceOnly()
    const outcomes = []
    for (let attempt = 0; attempt < 3; attempt++) {
      outcomes.push((await save(asApi, change, once).catch(() => ({ kind: 'failed' }))).kind)
    }
    expect(outcomes).toEqual(['saved', 'repeated', 'repeated'])
    expect(await audited()).toEqual(['release 1'])
  })
})

describe('while the memory of Redis is full', () => {
  const fill = () => admin.config('SET', 'maxmemory', '1mb')
  const free = () => admin.config('SET', 'maxmemory', '0')

  it('a worker releases nothing by halves: a hold comes out whole, the other changes when there is room', async () => {
    const id = newId()
    await save(asApi, publish(id, 'First'))
    await releaseDue(asWorker, 'en')
    const expected = ['publish 1']
    for (const [event, change] of [
      ['correct 2', correct(id, 1, 'Second')],
      ['hold 3', hold(id)],
      ['resume 4', resume(id, 3)],
    ] as const) {
      await save(asApi, change)
      await fill()
      const looks = []
      for (let look = 0; look < 3; look++) looks.push(await releaseDue(asWorker, 'en').catch(messageOf))
      // Its first write removes: Redis allows that, and then the rest of the script.
      const isOut = event === 'hold 3'
      if (!isOut) expect(looks).toEqual(Array(3).fill(expect.stringMatching(/^OOM/)))
      await expectWhole(isOut ? [...expected, event] : expected)
      await free()
      await releaseDue(asWorker, 'en')
      await expectWhole([...expected, event])
      expected.push(event)
    }
    expect((await walkAudit(asApi, 'en')).fault).toBeUndefined()
  })

  /** Each event is in the log and in the audit, once. */
  async function expectWhole(events: readonly string[]): Promise<void> {
    expect(await log()).toEqual(events)
    const released = (await audited()).filter((entry) => String(entry).startsWith('released'))
    expect(released).toEqual(events.map((event) => `released ${event.split(' ')[1]}`))
  }

  it('the api accepts an act once it has room, with one entry in the audit', async () => {
    const change = publish(newId(), 'First')
    const once = onceOnly()
    await fill()
    for (let attempt = 0; attempt < 3; attempt++)
      await expect(save(asApi, change, once)).rejects.toThrow('OOM')
    await free()
    expect([(await save(asApi, change, once)).kind, (await save(asApi, change, once)).kind]).toEqual([
      'saved',
      'repeated',
    ])
    expect(await audited()).toEqual(['release 1'])
  })
})
