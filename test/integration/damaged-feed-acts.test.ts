import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { actions } from '../../src/protocol/lists/actions.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'

const LIMIT_MS = 10_000
const LINES = '/v1/feeds/en/headlines'

let system: System
beforeEach(async () => {
  system = await startSystem({ SWEEP_MS: 200, TAIL_CHECK_MS: 50 })
})
afterEach(() => system.close())

interface Answer {
  readonly status: number
  readonly retryAfter: string | null
  readonly body: Readonly<Record<string, unknown>>
}

async function send(method: string, path: string, body?: object, headers = {}): Promise<Answer> {
  const answer = await fetch(`${system.url}${path}`, {
    method,
    headers: { ...system.authorization, ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  const json = (await answer.json()) as Answer['body']
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), body: json }
}

const act = (action: string, id: string, version?: number, body: object = {}) =>
  send('POST', `${LINES}/${id}/${action}`, body, version === undefined ? {} : { 'If-Match': `"${version}"` })

interface Damage {
  readonly record: 'feed' | 'policy'
  readonly by: (redis: System['store']['redis'], key: string) => Promise<unknown>
}

const asHash = async (redis: System['store']['redis'], key: string) => {
  await redis.del(key)
  await redis.hset(key, { wrong: 'field' })
}
const asText = (text: string) => (redis: System['store']['redis'], key: string) => redis.set(key, text)

const damages: [string, Damage][] = [
  ['a definition that is a hash', { record: 'feed', by: asHash }],
  ['a definition that is no JSON', { record: 'feed', by: asText('{') }],
  ['a definition without its members', { record: 'feed', by: asText('{"id":"en"}') }],
  ['a policy that is a text', { record: 'policy', by: asText('x') }],
  ['a policy that is no JSON', { record: 'policy', by: (redis, key) => redis.hset(key, 'current', '{') }],
  [
    'a policy without its members',
    { record: 'policy', by: (redis, key) => redis.hset(key, 'current', '{}') },
  ],
]

describe.each(damages)('in a feed with %s', (_name, { record, by }) => {
  const key = () => {
    const { definition, policy } = system.store.keys.feed('en')
    return record === 'feed' ? definition : policy
  }
  const damage = () => by(system.store.redis, key())

  it('headlines are held and withdrawn at once, and readers are told', async () => {
    const [first, second] = await system.publish('en', ['First', 'Second'])
    const reader = await system.connect('en')
    await damage()

    const held = await act('hold', first!.headline.id, undefined, { note: 'We check this' })
    expect([held.status, held.body]).toEqual([200, expect.objectContaining({ position: expect.any(String) })])
    const withdrawn = await act('withdraw', second!.headline.id, second!.headline.version)
    expect([withdrawn.status, withdrawn.body.position]).toEqual([200, expect.any(String)])
    expect(await reader.take(2)).toMatchObject([{ op: 'hold' }, { op: 'withdraw' }])
  })

  it('the whole story is withdrawn with a headline of another feed', async () => {
    await system.createFeed({ id: 'aa', lang: 'en' })
    await system.publish('en', [{ text: 'First', story: 'flood' }])
    const [there] = await system.publish('aa', [{ text: 'First, there', story: 'flood' }])
    await damage()

    const path = `/v1/feeds/aa/headlines/${there!.headline.id}/withdraw`
    const { status, body } = await send('POST', path, { cascade: true })
    expect([status, body.siblings]).toEqual([200, [expect.objectContaining({ outcome: 'withdrawn' })]])
    expect((await system.events('en')).at(-1)).toMatchObject({ op: 'withdraw' })
  })

  it('all that was released is retracted, and the feed is frozen and thawed', async () => {
    await system.publish('en', ['First'])
    await damage()

    const since = new Date(0).toISOString()
    const retracted = await send('POST', '/v1/feeds/en/retract', { since, reason: 'A wrong source' })
    expect([retracted.status, retracted.body]).toMatchObject([200, { lines: [{ outcome: 'withdrawn' }] }])
    expect((await system.events('en')).at(-1)).toMatchObject({ op: 'withdraw' })
    expect((await send('POST', '/v1/feeds/en/freeze', { reason: 'Why not' })).status).toBe(200)
    expect((await send('POST', '/v1/feeds/en/thaw', {})).status).toBe(200)
  })

  it('every other act is refused, and the answer names the record; nothing is lost, and it works once it is mended', async () => {
    const [line] = await system.publish('en', ['First'])
    const { id, version } = line!.headline
    const stored = await system.store.redis.dumpBuffer(key())
    await damage()

    const damaged = { code: 'record-damaged', feed: 'en', record }
    const posted = await send('POST', LINES, { text: 'Second' })
    expect([posted.status, posted.body]).toEqual([503, expect.objectContaining(damaged)])
    expect(Number(posted.retryAfter)).toBeGreaterThan(0)
    const corrected = await act('correct', id, version, { text: 'Third' })
    expect([corrected.status, corrected.body]).toEqual([503, expect.objectContaining(damaged)])
    for (const action of actions.filter((each) => each !== 'hold' && each !== 'withdraw')) {
      const { status } = await act(action, id, version, bodyOf(action))
      expect([action, status]).toEqual([action, 503])
    }
    expect(await system.events('en')).toHaveLength(1)

    await system.store.redis.del(key())
    await system.store.redis.restore(key(), 0, stored)
    expect((await act('correct', id, version, { text: 'Third' })).status).toBe(200)
  })

  it('no page of the desk is a fault of the server', async () => {
    const [line] = await system.publish('en', ['First'])
    await damage()
    const pages = ['headlines', `headlines/${line!.headline.id}`, 'policy', 'freeze', 'roles', 'audit']
    for (const page of [...pages, `headlines/${line!.headline.id}/receipt`]) {
      const { status, body } = await send('GET', `/v1/feeds/en/${page}`)
      expect([page, status === 200 || body.code === 'record-damaged']).toEqual([page, true])
    }
    const { status } = await send('GET', '/v1/approvals')
    expect(status).toBe(200)
  })
})

it('a headline that waits in a feed with a damaged definition comes out when it is mended, and expires in time', async () => {
  const { redis, keys } = system.store
  const { definition } = keys.feed('en')
  const [line] = await system.publish('en', ['First'])
  const { id, version } = line!.headline
  const at = new Date(Date.now() + 500).toISOString()
  const waits = await send('POST', LINES, { text: 'Second', then: 'release', releaseAt: at })
  expect(waits.status).toBe(202)
  const stored = (await redis.get(definition)) ?? ''
  await redis.set(definition, '{')

  await eventually('the headline is overdue', LIMIT_MS, async () => {
    return (await system.get<{ warnings: string[] }>('/readyz')).body.warnings.includes('overdue')
  })
  expect((await act('withdraw', id, version)).status).toBe(200)
  expect((await system.events('en')).map(({ op }) => op)).toEqual(['publish', 'withdraw'])

  await redis.set(definition, stored)
  await eventually('the headline is out', LIMIT_MS, async () => (await system.events('en')).length === 3)
  await eventually('nothing is said to be damaged', LIMIT_MS, async () => {
    return !(await system.get<{ warnings: string[] }>('/readyz')).body.warnings.includes('records-damaged')
  })
})

function bodyOf(action: string): object {
  switch (action) {
    case 'save':
    case 'correct':
      return { text: 'Another' }
    case 'restore':
      return { version: 1 }
    case 'schedule':
      return { releaseAt: new Date(Date.now() + 60_000).toISOString() }
    case 'return':
    case 'reject':
      return { reason: 'Why not' }
    default:
      return {}
  }
}
