import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { eventually } from '../support/eventually.ts'
import { findDebianReaders, packagedReaders, type ReadItem } from '../support/feed-readers.ts'
import { getDocument } from '../support/get-document.ts'
import { startSystem, type System } from '../support/system.ts'

const fetched = await findDebianReaders()
const readers = [...packagedReaders, ...Object.values(fetched).filter((reader) => reader !== undefined)]
const missing = Object.keys(fetched).filter((name) => !fetched[name])
const cases = readers.flatMap(({ name, formats, read }) => formats.map((format) => ({ name, format, read })))

let system: System
let corrected: EventFrame
let withdrawn: EventFrame
/** The documents before and after a correction and a withdrawal. */
const texts = { before: new Map<string, string>(), after: new Map<string, string>() }

async function readAll(into: Map<string, string>): Promise<void> {
  for (const format of ['feed.json', 'rss.xml', 'atom.xml'])
    into.set(format, (await getDocument(`${system.url}/feeds/en/${format}`)).text)
}

beforeAll(async () => {
  system = await startSystem()
  const published = await system.publish('en', [
    { text: '<5 … >100 hurt & "many" more', link: 'https://news.example/a?b=1&c=2' },
    { text: 'Three hurt', speaker: 'Mayor' },
    'Tunnel closed',
    'قُطِع الطريق 3',
  ])
  ;[, corrected, withdrawn] = published as [EventFrame, EventFrame, EventFrame]
  const holds = async (text: string) =>
    (await getDocument(`${system.url}/feeds/en/feed.json`)).text.includes(text)
  await eventually('all show', 20_000, () => holds('الطريق'))
  await readAll(texts.before)
  await system.correct('en', corrected.headline, 'Two hurt', { note: 'Not three' })
  await system.withdraw('en', withdrawn.headline)
  await eventually(
    'both acts show',
    20_000,
    async () => (await holds('Two hurt')) && !(await holds('Tunnel')),
  )
  await readAll(texts.after)
})
afterAll(() => system.close())

/** From the document's own words; JSON Feed needs no parser of others. */
function itemsIn(text: string): ReadItem[] {
  const { items } = JSON.parse(text) as {
    items: { id: string; title: string; url: string; date_published: string }[]
  }
  return items.map(({ id, title, url, date_published: published }) => {
    return { id, title, link: url, published: Math.floor(Date.parse(published) / 1_000) }
  })
}

describe.each(cases)('$name reads $format', ({ read, format }) => {
  it.each(['before', 'after'] as const)('%s a correction and a withdrawal as all others do', async (when) => {
    const expected = itemsIn(texts[when].get('feed.json') ?? '')
    expect(expected).toHaveLength(4)
    const byId = (a: ReadItem, b: ReadItem) => a.id.localeCompare(b.id)
    const found = await read(texts[when].get(format) ?? '', format)
    expect([...found].sort(byId)).toEqual(expected.sort(byId))
  })

  it('keeps the id and the date of an item whose words have changed', async () => {
    const [before, after] = [
      await read(texts.before.get(format) ?? '', format),
      await read(texts.after.get(format) ?? '', format),
    ]
    for (const [{ headline }, title] of [
      [corrected, /Two hurt$/],
      [withdrawn, /^Withdrawn$/],
    ] as const) {
      const of = (items: readonly ReadItem[]) => items.find(({ id }) => id.endsWith(headline.id))
      expect(of(after)?.title).toMatch(title)
      expect(of(after)).toMatchObject({
        id: of(before)?.id,
        published: of(before)?.published,
      })
    }
  })
})

if (missing.length > 0) it.skip(`${missing.join(', ')}: not found on this computer`, () => undefined)
