import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventOf, readAfter } from '../../src/eventlog/read-log.ts'
import { startApi, type TestApi } from '../support/api-server.ts'
import { feedWith, newPerson, nobodyAlone, staffOf, type Person, type Staff } from '../support/newsroom.ts'

const EDITORS = 20

let api: TestApi
let staff: Staff
let editors: Person[]
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  editors = await Promise.all(
    Array.from({ length: EDITORS }, (_, n) => newPerson(api, `Editor${n}`, { '*': 'editor' })),
  )
  await feedWith(api, 'strict', { alone: nobodyAlone })
})
afterAll(() => api.close())

const eventsOf = async (id: string, feed = 'en') =>
  (await readAfter(api.store, feed, 0, 10_000)).map(eventOf).filter(({ headline }) => headline.id === id)

async function liveHeadline(): Promise<string> {
  return (await staff.bob.write({ text: 'Bridge closed' })).body.headline.id
}

describe('twenty editors on one headline', () => {
  it.each(['correct', 'save'])(
    '%s: one wins, the others get the current version and the changes',
    async (action) => {
      const id =
        action === 'correct'
          ? await liveHeadline()
          : (await staff.ann.write({ text: 'Bridge closed', then: 'keep' })).body.headline.id

      const replies = await Promise.all(
        editors.map((editor, n) => editor.act(id, action, 1, { text: `Words of editor ${n}` })),
      )

      const won = replies.filter(({ status }) => status === 200)
      const lost = replies.filter(({ status }) => status === 412)
      expect([won.length, lost.length]).toEqual([1, EDITORS - 1])
      const { body } = await staff.rob.read(id)
      for (const { body: problem } of lost) {
        expect(problem.code).toBe('stale-version')
        expect(problem.current).toMatchObject({ id, version: 2, content: body.content })
        expect(problem.diff).toEqual([{ field: 'text', seen: 'Bridge closed', current: body.content.text }])
      }
    },
  )

  it('one of twenty approvals counts', async () => {
    const strict = { feed: 'strict' }
    const { body } = await staff.ann.write({ text: 'Bridge closed', then: 'submit' }, strict)
    const { id } = body.headline

    const replies = await Promise.all(editors.map((editor) => editor.act(id, 'approve', 1, {}, strict)))

    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(replies.filter(({ status }) => status === 412)).toHaveLength(EDITORS - 1)
    expect((await eventsOf(id, 'strict')).map(({ op }) => op)).toEqual(['publish'])
  })

  it.each([
    ['withdraw', 'withdrawn'],
    ['hold', 'held'],
  ])('%s never loses against them', async (action, status) => {
    for (let round = 0; round < 5; round++) {
      const id = await liveHeadline()
      const edits = editors.map((editor, n) => editor.act(id, 'correct', 1, { text: `Words of editor ${n}` }))
      const stop = staff.ann.act(id, action, undefined)
      const [stopped, ...edited] = await Promise.all([stop, ...edits])

      expect(stopped.status).toBe(200)
      expect(stopped.body.headline.status).toBe(status)
      for (const { status: answered, body } of edited) {
        if (answered !== 200) expect([409, 412]).toContain(answered)
        if (answered === 409) expect(body.code).toBe('illegal-action')
      }
      expect((await staff.rob.read(id)).body.status).toBe(status)
      // The stop is the last event: no correction is released after it.
      expect((await eventsOf(id)).at(-1)?.op).toBe(action)
    }
  })

  it('an undo or a withdrawal races with the release, and exactly one of them takes effect', async () => {
    for (const action of ['undo', 'withdraw']) {
      for (let round = 0; round < 5; round++) {
        const releaseAt = new Date(Date.now() + 3_600_000).toISOString()
        const written = await staff.bob.write({ text: 'Later', releaseAt })
        const { id } = written.body.headline
        const release = staff.cat.act(id, 'release', 1)
        const back = staff.bob.act(id, action, action === 'undo' ? 1 : undefined)
        const [, taken] = await Promise.all([release, back])

        const { status } = (await staff.rob.read(id)).body
        const events = (await eventsOf(id)).map(({ op }) => op)
        if (taken.status === 200) {
          expect(status).toBe(action === 'undo' ? 'draft' : 'withdrawn')
          expect(['', 'publish,withdraw']).toContain(events.join())
        } else {
          expect([409, 412]).toContain(taken.status)
          expect(action).toBe('undo')
        }
      }
    }
  })
})
