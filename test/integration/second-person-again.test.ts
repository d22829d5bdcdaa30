import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { EventFrame } from '../../src/protocol/frames.ts'
import type { RequestOptions, ReplyBody } from '../support/api-server.ts'
import { eventually } from '../support/eventually.ts'
import { feedWith, nobodyAlone, staffOf, type Person, type Staff } from '../support/newsroom.ts'
import { peopleOn } from '../support/people.ts'
import { startSystem, type System } from '../support/system.ts'

/** Bob and Cat are editors, Dan is a chief. The whole service runs: api, gateway and worker. */

const HOUR = 3_600_000
const UNDO_MS = 5_000
/** Within the undo window, and ahead on a slow machine. */
const NEAR_MS = 4_000
const LIMIT_MS = 20_000

let system: System
let staff: Staff
beforeAll(async () => {
  system = await startSystem()
  const office = { store: system.store, people: peopleOn(system.store), request }
  staff = await staffOf(office)
  const undoMs = { bulletin: UNDO_MS, urgent: UNDO_MS, routine: UNDO_MS }
  await feedWith(office, 'nobody', { alone: nobodyAlone, undoMs, flashNeedsSecondFactor: false })
  await feedWith(office, 'flash', { alone: { flash: 'nobody' }, undoMs, flashNeedsSecondFactor: false })
  await feedWith(office, 'chiefs', { alone: { bulletin: 'chief' }, undoMs: { bulletin: 600_000 } })
  await feedWith(office, 'open', { undoMs })
})
afterAll(() => system.close())

async function request(path: string, { method = 'GET', key = '', headers = {}, body }: RequestOptions = {}) {
  const response = await fetch(`${system.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: JSON.parse(text || '{}') as ReplyBody }
}

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()

/** Times in ms from now become instants. */
function timed(body: object): object {
  return 'releaseAt' in body && typeof body.releaseAt === 'number'
    ? { ...body, releaseAt: inMs(body.releaseAt) }
    : body
}

type Step = readonly [person: Person, action: string, body?: object]

/** Acts one after the other, each on the newest version; returns the last answer as code, or status and version. */
async function carryOut(feed: string, line: object, steps: (staff: Staff) => readonly Step[]) {
  const written = await staff.bob.write(line, { feed })
  const { id } = written.body.headline
  let last = written
  for (const [version, [person, action, body]] of steps(staff).entries()) {
    last = await person.act(id, action, version + 1, body, { feed })
  }
  return {
    id,
    feed,
    answer: last.status < 400 ? last.body.headline.status : last.body.code,
    detail: last.body.detail,
  }
}

const embargo = (to: object = { text: 'Budget is 4 million' }) => ({
  ...to,
  then: 'submit',
  releaseAt: inMs(2 * HOUR),
})

describe('an approved line, over HTTP', () => {
  it.each<[string, string, object, (staff: Staff) => readonly Step[], string]>([
    [
      'is not brought forward by its author',
      'nobody',
      embargo(),
      ({ bob, cat }) => [
        [cat, 'approve'],
        [bob, 'schedule', { releaseAt: inMs(60_000) }],
      ],
      'two-person-required',
    ],
    [
      'is not brought forward by its approver',
      'nobody',
      embargo(),
      ({ cat }) => [
        [cat, 'approve'],
        [cat, 'schedule', { releaseAt: inMs(HOUR) }],
      ],
      'two-person-required',
    ],
    [
      'is not released early by its author',
      'nobody',
      embargo(),
      ({ bob, cat }) => [
        [cat, 'approve'],
        [bob, 'release'],
      ],
      'two-person-required',
    ],
    [
      'is not taken out, submitted for now and approved by one person',
      'nobody',
      embargo(),
      ({ cat }) => [
        [cat, 'approve'],
        [cat, 'undo'],
        [cat, 'submit'],
        [cat, 'approve'],
      ],
      'self-approval',
    ],
    [
      'is put off by its author',
      'nobody',
      embargo(),
      ({ bob, cat }) => [
        [cat, 'approve'],
        [bob, 'schedule', { releaseAt: inMs(3 * HOUR) }],
      ],
      'due',
    ],
    [
      'is brought forward by a chief who may publish alone',
      'chiefs',
      embargo(),
      ({ cat, dan }) => [
        [cat, 'approve'],
        [dan, 'schedule', { releaseAt: inMs(HOUR) }],
      ],
      'due',
    ],
    [
      'with a lower urgency by its author is not approved by its author',
      'flash',
      embargo({ text: 'Budget is 5 million', urgency: 'flash' }),
      ({ bob, cat }) => [
        [cat, 'approve'],
        [bob, 'save', { urgency: 'routine' }],
        [bob, 'approve'],
      ],
      'self-approval',
    ],
    [
      'that was taken out is not released under a lower urgency',
      'flash',
      embargo({ text: 'Budget is 6 million', urgency: 'flash' }),
      ({ bob, cat }) => [
        [cat, 'approve'],
        [bob, 'undo'],
        [bob, 'save', { urgency: 'routine' }],
        [bob, 'release'],
      ],
      'two-person-required',
    ],
    [
      'whose urgency was lowered while it waited is not approved by its author',
      'flash',
      embargo({ text: 'Budget is 7 million', urgency: 'flash' }),
      ({ bob }) => [
        [bob, 'save', { urgency: 'routine' }],
        [bob, 'approve'],
      ],
      'self-approval',
    ],
    [
      'within its undo window is not released at once by a person who may not publish alone',
      'chiefs',
      { text: 'Budget is 8 million', then: 'submit' },
      ({ bob, cat }) => [
        [cat, 'approve'],
        [bob, 'release'],
      ],
      'two-person-required',
    ],
    [
      'within its undo window is released at once by a chief who may publish alone',
      'chiefs',
      { text: 'Budget is 9 million', then: 'submit' },
      ({ cat, dan }) => [
        [cat, 'approve'],
        [dan, 'release'],
      ],
      'live',
    ],
  ])('%s', async (_what, feed, line, steps, answer) => {
    const done = await carryOut(feed, line, steps)
    expect(done.answer).toBe(answer)
    const { body } = await staff.bob.read(done.id, feed)
    expect(body.status === 'live').toBe(answer === 'live')
    if (answer !== 'live') expect(await eventsOf(done)).toEqual([])
  })

  it('says how an earlier time is approved, and who may approve', async () => {
    const early = await carryOut('nobody', embargo(), ({ bob, cat }) => [
      [cat, 'approve'],
      [bob, 'release'],
    ])
    expect(early.detail).toContain('`undo`')
    const own = await carryOut('nobody', embargo(), ({ bob }) => [[bob, 'approve']])
    expect(own.detail).toMatch(/^These persons may approve it: .*Cat/)
    expect(own.detail).not.toMatch(/Bob|Ann|Rob/)
    const asked = await carryOut('nobody', { text: 'Asked', then: 'keep' }, ({ cat }) => [
      [cat, 'submit'],
      [cat, 'approve'],
    ])
    expect(asked.detail).toContain('Dan')
    expect(asked.detail).not.toMatch(/Bob|Cat/)
  })
})

describe('the first release, over HTTP', () => {
  const near = { releaseAt: NEAR_MS }
  const cases: Readonly<
    Record<string, [feed: string, line: object, steps?: (staff: Staff) => readonly Step[]]>
  > = {
    'with a near time': ['open', { text: 'Near time', ...near }],
    'of a draft with a near time': [
      'open',
      { text: 'Draft', then: 'keep' },
      ({ bob }) => [[bob, 'schedule', near]],
    ],
    'with other words': [
      'open',
      { text: 'Words', ...near },
      ({ cat }) => [[cat, 'save', { text: 'Other words' }]],
    ],
    'corrected before it': ['open', { text: 'Slip' }, ({ cat }) => [[cat, 'correct', { text: 'No slip' }]]],
    'with another urgency': [
      'open',
      { text: 'Urgency' },
      ({ cat }) => [[cat, 'save', { urgency: 'urgent' }]],
    ],
    'brought forward': ['open', { text: 'Forward', releaseAt: HOUR }, ({ cat }) => [[cat, 'schedule', near]]],
    'approved for a near time': [
      'nobody',
      { text: 'Near', then: 'submit', ...near },
      ({ cat }) => [[cat, 'approve']],
    ],
  }

  it('comes when the undo window after the last change is over, by the clock of Redis', async () => {
    const waited = Object.entries(cases).map(async ([name, [feed, line, steps = () => []]]) => {
      const { id } = await carryOut(feed, timed(line), (all) =>
        steps(all).map(([person, action, body = {}]) => [person, action, timed(body)]),
      )
      const [event] = await eventually(`a line ${name} is released`, LIMIT_MS, async () => {
        const events = await eventsOf({ id, feed })
        return events.length > 0 && events
      })
      const { versions } = (await staff.bob.read(id, feed)).body
      return [name, Date.parse(event?.at ?? '') - Date.parse(versions.at(-1)?.savedAt ?? '') >= UNDO_MS]
    })
    expect(await Promise.all(waited)).toEqual(Object.keys(cases).map((name) => [name, true]))
  })

  it('leaves corrections, pins and resumes of a line that is out without a window', async () => {
    const feed = 'open'
    const written = await staff.bob.write({ text: 'Out' }, { feed })
    const { id } = written.body.headline
    await staff.bob.act(id, 'release', 1, {}, { feed })
    const acts: readonly [string, object][] = [
      ['correct', { text: 'Out again' }],
      ['pin', {}],
      ['hold', {}],
      ['resume', {}],
    ]
    for (const [index, [action, body]] of acts.entries()) {
      const { status, body: answer } = await staff.bob.act(id, action, index + 2, body, { feed })
      expect([action, status, answer.position]).toEqual([action, 200, expect.any(String)])
    }
  })
})

async function eventsOf({ id, feed }: { id: string; feed: string }): Promise<EventFrame[]> {
  return (await system.events(feed)).filter(({ headline }) => headline.id === id)
}
