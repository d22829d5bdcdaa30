import { describe, expect, it } from '@jest/globals'
import { itemsForReaders, itemsForScreens } from '../../../src/syndication/items.ts'
import { idOf, lineOf, minute, sourceOf, takenBackOf } from '../../support/document-source.ts'

const bridge = lineOf('bridge', 2, { speaker: 'Mayor', link: 'https://news.example/bridge' })
const tunnel = lineOf('tunnel', 1)

describe('the items for readers', () => {
  it('are the headlines that show, in the order of the strip', () => {
    expect(itemsForReaders(sourceOf({ lines: [bridge, tunnel] }))).toEqual([
      {
        guid: `tag:flashline,2026:en:${idOf('bridge')}`,
        headline: idOf('bridge'),
        version: 1,
        kind: 'headline',
        title: 'Mayor: Text of bridge',
        link: 'https://news.example/bridge',
        published: minute(2),
        updated: minute(2),
        line: bridge,
      },
      expect.objectContaining({
        title: 'Text of tunnel',
        link: `https://news.example/embed/en#${idOf('tunnel')}`,
      }),
    ])
  })

  it('name a held and a withdrawn headline without a word of it, under the guid that it had', () => {
    const takenBack = [takenBackOf('held', 'held', 3), takenBackOf('gone', 'withdrawn', 4)]
    const items = itemsForReaders(sourceOf({ lines: [tunnel], takenBack }))
    expect(items.slice(1)).toEqual([
      expect.objectContaining({
        guid: `tag:flashline,2026:en:${idOf('gone')}`,
        title: 'Withdrawn',
        published: minute(4),
        updated: minute(34),
      }),
      expect.objectContaining({ guid: `tag:flashline,2026:en:${idOf('held')}`, title: 'On hold' }),
    ])
  })

  it('have no headline that was taken back a moment ago, although the strip has it', () => {
    const items = itemsForReaders(
      sourceOf({ lines: [tunnel], takenBack: [takenBackOf('tunnel', 'withdrawn', 1)] }),
    )
    expect(items.map(({ title }) => title)).toEqual(['Withdrawn'])
  })

  it('have a headline that was resumed, with the time of that as its update', () => {
    const items = itemsForReaders(
      sourceOf({ lines: [tunnel], takenBack: [takenBackOf('tunnel', 'live', 1)] }),
    )
    expect(items).toMatchObject([{ title: 'Text of tunnel', published: minute(1), updated: minute(31) }])
    // A hold that the strip has left behind.
    const resumed = { ...tunnel, version: 3 }
    const late = itemsForReaders(
      sourceOf({ lines: [resumed], takenBack: [takenBackOf('tunnel', 'held', 1)] }),
    )
    expect(late.map(({ title }) => title)).toEqual(['Text of tunnel'])
  })

  it.each([
    ['a pin', { version: 2, updatedAt: minute(9), pinned: true }, minute(1), undefined],
    ['a correction', { corrected: minute(5), note: 'Not three' }, minute(5), 'Corrected: Not three'],
    ['a correction and a refile', { corrected: minute(5), refiled: minute(7) }, minute(7), 'Corrected'],
    ['a refile', { refiled: minute(6) }, minute(6), 'Updated'],
  ])('move their update for what readers see, and say so: %s', (_act, more, updated, notice) => {
    const [item] = itemsForReaders(sourceOf({ lines: [lineOf('tunnel', 1, more)] }))
    expect([item?.published, item?.updated, item?.notice]).toEqual([minute(1), updated, notice])
  })

  it('have each correction as an item of its own if that is asked for', () => {
    const lines = [lineOf('tunnel', 1, { corrected: minute(5), note: 'Not three' }), bridge]
    const items = itemsForReaders(sourceOf({ lines, correctionItems: true }))
    expect(items).toHaveLength(3)
    expect(items[0]).toMatchObject({
      guid: `tag:flashline,2026:en:${idOf('tunnel')}:correction:${Date.parse(minute(5))}`,
      title: 'Correction: Text of tunnel',
      published: minute(5),
      notice: 'Not three',
    })
  })

  it('say what they say in the language of the feed, with its own words', () => {
    const feed = { id: 'ar', title: 'عاجل', lang: 'ar-EG', dir: 'rtl' } as const
    const takenBack = [takenBackOf('gone', 'withdrawn', 1)]
    const [usual] = itemsForReaders(sourceOf({ feed, takenBack }))
    expect(usual?.title).toBe('سُحب')
    const [own] = itemsForReaders(
      sourceOf({ feed, takenBack, own: { words: { withdrawn: 'ألغي' }, labels: {} } }),
    )
    expect(own?.title).toBe('ألغي')
  })

  it('say in each title that a drill is one', () => {
    const feed = { id: 'd', title: 'Practice', lang: 'en', dir: 'ltr', drill: true } as const
    const takenBack = [takenBackOf('gone', 'withdrawn', 0)]
    const items = itemsForReaders(sourceOf({ feed, lines: [tunnel], takenBack }))
    expect(items.map(({ title }) => title)).toEqual(['DRILL: Text of tunnel', 'DRILL: Withdrawn'])
    expect(items[0]?.link).toBe(`https://news.example/embed/d?drill=1#${idOf('tunnel')}`)
  })
})

describe('the items for screens', () => {
  it('are the newest ten headlines that may show, without a notice and without anything that was taken back', () => {
    const many = Array.from({ length: 12 }, (_, n) => lineOf(`line${n}`, n))
    const old = lineOf('old', 0, { pinned: true, corrected: minute(50), note: 'Not so' })
    const lines = [old, ...many.slice(1), lineOf('gone', 58)]
    const takenBack = [takenBackOf('gone', 'withdrawn', 58), takenBackOf('held', 'held', 59)]
    const items = itemsForScreens(sourceOf({ lines, takenBack }))
    expect(items.map(({ title }) => title)).toEqual(
      Array.from({ length: 10 }, (_, n) => `Text of line${11 - n}`),
    )
    const [only] = itemsForScreens(sourceOf({ lines: [old] }))
    expect(only).not.toHaveProperty('notice')
  })
})
