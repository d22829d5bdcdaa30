import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startSystem, type System } from '../support/system.ts'

let system: System
beforeAll(async () => {
  system = await startSystem()
  await system.publish('en', 3)
})
afterAll(() => system.close())

const events = () => system.events('en')
const metric = (signed: 'yes' | 'no') => system.metric(`marks_unfit_total{feed="en",signed="${signed}"}`)

describe('a mark', () => {
  it('that fits gives exactly the missed events, on every transport', async () => {
    const [first, second, third] = await events()
    const after = `${first!.position}:${first!.mark}`
    expect((await system.page('en', { after })).body).toMatchObject({ events: [second, third] })
    expect(await (await system.connect('en', { after })).take(2)).toEqual([second, third])
    const stream = await system.stream('en', { headers: { 'Last-Event-ID': after } })
    expect(await stream.take(2)).toEqual([second, third])
  })

  it('of another position, or an invented one, gives a reset on every transport and begins no epoch', async () => {
    const [first, second] = await events()
    const before = (await system.snapshot('en')).body.position
    for (const mark of [second!.mark!, '00000000AAAAAA']) {
      const after = `${first!.position}:${mark}`
      expect((await system.page('en', { after })).body.reset).toMatchObject({ reason: 'mark' })
      const reader = await system.connect('en', { after })
      expect(await reader.untilType('reset')).toMatchObject({ reason: 'mark' })
      const stream = await system.stream('en', { after })
      expect(await stream.untilType('reset')).toMatchObject({ reason: 'mark' })
    }
    expect(await metric('no')).toBe(6)
    expect(await metric('yes')).toBe(0)
    expect((await system.snapshot('en')).body.position).toBe(before)
  })

  it.each([
    '',
    'x',
    '5b2f09c1kX-3_',
    '5b2f09c1kX-3_d0',
    '5B2F09C1kX-3_d',
    '5b2f09c1kX 3_d',
    '5b2f09c1kX-3_d:1',
  ])('that is cut or malformed (%j) is 400 and names the parameter', async (mark) => {
    const [first] = await events()
    const after = `${first!.position}:${mark}`
    const refusal = { code: 'invalid-position', errors: [{ field: 'after' }] }
    expect(await system.page('en', { after })).toMatchObject({ status: 400, body: refusal })
    const refused = await system.connect('en', { after }).catch((answer: unknown) => answer)
    expect(refused).toMatchObject({ status: 400, body: expect.stringContaining('"field":"after"') })
    const byHeader = await system.page('en', {}, { 'Last-Event-ID': after })
    expect(byHeader.body).toMatchObject({ ...refusal, errors: [{ field: 'Last-Event-ID' }] })
  })

  it('is not needed: a position without one is understood', async () => {
    const [first, second, third] = await events()
    expect((await system.page('en', { after: first!.position })).body.events).toEqual([second, third])
  })
})

it('marks are accepted, and not sent, with EMIT_MARKS=off, and in a feed of an older version', async () => {
  const [first, second, third] = await events()
  const head = system.store.keys.feed('en').head
  const quiet = await startSystem({ REDIS_PREFIX: system.prefix, EMIT_MARKS: 'off' }, 'gateway')
  await system.store.redis.hset(head, 'marked', String(Date.now() + 86_400_000))
  const older = await startSystem({ REDIS_PREFIX: system.prefix }, 'gateway')
  try {
    for (const gateway of [quiet, older]) {
      const { body } = await gateway.page('en', { after: `${first!.position}:${first!.mark}` })
      expect(body.events).toEqual([second, third].map((event) => ({ ...event, mark: undefined })))
      expect(body).not.toHaveProperty('mark')
      const wrong = await gateway.page('en', { after: `${first!.position}:${second!.mark}` })
      expect(wrong.body.reset).toMatchObject({ reason: 'mark' })
    }
  } finally {
    await quiet.close()
    await older.close()
  }
})
