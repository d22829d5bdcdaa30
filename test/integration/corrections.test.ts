import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'

const note = 'The first report named the wrong bridge.'

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

type Act = (last: EventFrame, feed: string) => Promise<EventFrame>

const pin: Act = ({ headline }, feed) => system.pin(feed, headline)
const unpin: Act = ({ headline }, feed) => system.unpin(feed, headline)
const hold: Act = ({ headline }, feed) => system.hold(feed, headline)
const resume: Act = ({ headline }, feed) => system.resume(feed, headline)
const refile: Act = ({ headline }, feed) => system.correct(feed, headline, 'Bridge shut', { kind: 'refile' })
const unexplained: Act = ({ headline }, feed) => system.correct(feed, headline, 'Bridge is shut')
const correct: Act = ({ headline }, feed) => system.correct(feed, headline, 'Bridge open', { note })

/** A correction while the line is held has no event, so the next act needs its version. */
const correctHeld: Act = async (last, feed) => {
  const { id, version } = last.headline
  const path = `${system.url}/v1/feeds/${feed}/headlines/${id}/correct`
  const answer = await fetch(path, {
    method: 'POST',
    headers: { ...system.authorization, 'If-Match': `"${version}"` },
    body: JSON.stringify({ text: 'Bridge open', note }),
  })
  const { headline } = (await answer.json()) as { headline: { version: number } }
  return { ...last, headline: { ...last.headline, version: headline.version } }
}

let feeds = 0

/** Plays the acts on one line. Returns the events and the line as each kind of reader gets it. */
async function play(acts: readonly Act[]) {
  const feed = `truth-${++feeds}`
  await system.createFeed({ id: feed, lang: 'en' })
  await system.serves(feed)
  const [first] = await system.publish(feed, ['Bridge closed'])
  const events = [first!]
  for (const act of acts) events.push(await act(events.at(-1)!, feed))
  const { position, at } = events.at(-1)!
  await eventually('the snapshot has the last event', 10_000, async () => {
    return (await system.snapshot(feed)).body.position === position
  })
  const [line] = (await system.snapshot(feed)).body.strip
  const pages = await Promise.all(
    [`/v1/feeds/${feed}/strip.html`, `/embed/${feed}`, '/'].map(async (path) => {
      const html = await (await fetch(`${system.url}${path}`)).text()
      return path === '/' ? cardOf(html, feed) : html
    }),
  )
  return { events, at, line, pages }
}

/** The part of the page that shows this feed. */
function cardOf(html: string, feed: string): string {
  const [, after = ''] = html.split(`data-feed="${feed}"`)
  return after.split('data-feed=')[0] ?? ''
}

describe('readers see no correction', () => {
  it.each<[string, readonly Act[]]>([
    ['after the first release', []],
    ['after a pin', [pin]],
    ['after an unpin', [pin, unpin]],
    ['after a hold and a resume', [hold, resume]],
    ['after a refile', [refile]],
    ['after new words without a note', [unexplained]],
  ])('%s', async (_name, acts) => {
    const { line, pages } = await play(acts)
    expect(line).toBeDefined()
    expect(line).not.toHaveProperty('corrected')
    for (const html of pages) {
      expect(html).toContain(line?.text)
      expect(html).not.toMatch(/flashline-correction|Corrected/)
    }
  })
})

describe('readers see that a line was refiled', () => {
  it.each<[string, readonly Act[], number]>([
    ['at once', [refile], 1],
    ['after new words without a note', [unexplained], 1],
    ['after a pin, an unpin, a hold and a resume', [refile, pin, unpin, hold, resume], 1],
    ['after another refile', [refile, pin, unexplained], 3],
  ])('%s', async (_name, acts, at) => {
    const { events, line, pages } = await play(acts)
    expect(line).toMatchObject({ refiled: events[at]?.at })
    for (const html of pages)
      expect(html).toMatch(
        new RegExp(`flashline-updated">Updated\\s*<time[^>]* datetime="${events[at]?.at}"`),
      )
  })

  it.each<[string, readonly Act[]]>([
    ['not after the first release', []],
    ['not after a pin and an unpin', [pin, unpin]],
    ['not after a hold and a resume', [hold, resume]],
    ['not beside a correction that came later', [refile, correct]],
  ])('%s', async (_name, acts) => {
    const { line, pages } = await play(acts)
    expect(line).not.toHaveProperty('refiled')
    for (const html of pages) expect(html).not.toContain('flashline-updated')
  })

  it('and only "Corrected" where it was corrected before', async () => {
    const { events, line, pages } = await play([correct, refile])
    expect(line).toMatchObject({ corrected: events[1]?.at, refiled: events[2]?.at })
    for (const html of pages) {
      expect(html).toContain('Corrected')
      expect(html).not.toContain('flashline-updated')
    }
  })
})

describe('readers see the time and the note of a correction', () => {
  it('that was released as one', async () => {
    const { line, at, pages } = await play([correct])
    expect(line).toMatchObject({ text: 'Bridge open', note, corrected: at, updatedAt: at })
    for (const html of pages) {
      expect(html).toMatch(new RegExp(`Corrected\\s*<time[^>]* datetime="${at}"`))
      expect(html).toContain(note)
    }
  })

  it.each<[string, readonly Act[]]>([
    ['a pin', [pin]],
    ['an unpin', [pin, unpin]],
    ['a hold and a resume', [hold, resume]],
    ['a refile', [refile]],
    ['another change without a note', [unexplained]],
  ])('still after %s', async (_name, acts) => {
    const { events, line, pages } = await play([correct, ...acts])
    expect(line).toMatchObject({ corrected: events[1]?.at })
    expect(line?.updatedAt).not.toBe(line?.corrected)
    for (const html of pages) expect(html).toContain(`datetime="${events[1]?.at}"`)
  })

  it('that a resume releases', async () => {
    const { line, at } = await play([hold, correctHeld, resume])
    expect(line).toMatchObject({ text: 'Bridge open', note, corrected: at })
  })

  it('that is newer than another one', async () => {
    const again: Act = ({ headline }, feed) => system.correct(feed, headline, 'Bridge half open', { note })
    const { line, at } = await play([correct, pin, again])
    expect(line).toMatchObject({ corrected: at })
  })
})

it('a removed line tells nothing of its corrections', async () => {
  const { events } = await play([correct, hold])
  expect(events.at(-1)?.headline).not.toHaveProperty('corrected')
})
