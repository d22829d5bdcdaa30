import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { framePage, problemPage } from '../../src/gateway/embeds/frame-page.ts'
import { attributes, html } from '../../src/gateway/embeds/html.ts'
import { linesHtml } from '../../src/gateway/embeds/lines-html.ts'
import { describeFrame, frameAt } from '../../src/gateway/embeds/oembed.ts'
import {
  DEFAULT_TICKER_LINES,
  embedModes,
  embedThemes,
  frameAddress,
  MAX_TICKER_LINES,
  type EmbedSettings,
} from '../../src/protocol/embed.ts'
import { escapeHtml } from '../../src/protocol/escape-html.ts'
import type { LiveHeadline } from '../../src/protocol/headline.ts'
import { urgencies } from '../../src/protocol/lists/urgencies.ts'

/** Text in which what matters to HTML is not rare. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '"',
        "'",
        '&',
        '&amp;',
        '</bdi>',
        '<script>',
        '<!--',
        '`',
        '=',
        ' on',
        '\n',
        '\u0000',
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''))

const unescape = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

const at = '2026-01-02T03:04:05.000Z'
/** Server's times around the ends of labels. */
const times = [-1, 0, 1, 60_000].map((ms) => Date.parse(at) + ms)
const now = times[0]!
const line: fc.Arbitrary<LiveHeadline> = fc
  .record({
    text: hostile,
    urgency: fc.constantFrom(...urgencies),
    version: fc.integer({ min: 1, max: 3 }),
    speaker: fc.option(hostile, { nil: undefined }),
    note: fc.option(hostile, { nil: undefined }),
    link: fc.option(fc.webUrl({ withQueryParameters: true, withFragments: true }), { nil: undefined }),
    lang: fc.constantFrom(undefined, 'ar', 'en'),
    pinned: fc.constantFrom(undefined, true as const),
    breakingUntil: fc.constantFrom(undefined, at, '2026-01-02T03:05:00.000Z'),
  })
  .map((own) => {
    const present = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
    const common = {
      id: 'x',
      status: 'live',
      place: 1,
      publishedAt: at,
      updatedAt: at,
      regions: [],
      tags: [],
    }
    return { ...common, ...present } as unknown as LiveHeadline
  })

const settings: fc.Arbitrary<EmbedSettings> = fc.record(
  {
    mode: fc.constantFrom(...embedModes),
    theme: fc.constantFrom(...embedThemes),
    font: fc.constant('own' as const),
    dir: fc.constantFrom('ltr' as const, 'rtl' as const),
    lang: fc.constantFrom('en', 'ar', 'es', 'de'),
    max: fc.integer({ min: 1, max: MAX_TICKER_LINES }),
    notices: fc.integer({ min: 0, max: 60 }),
    section: fc.uniqueArray(fc.constantFrom('city', 'world', 'sport'), { minLength: 1 }).map(String),
    region: fc.constantFrom('north', 'south'),
    urgency: fc.constantFrom(...urgencies),
  },
  { requiredKeys: ['mode'] },
)
const title = fc.record({
  id: fc.constant('en'),
  title: hostile,
  lang: fc.constantFrom('en', 'ar'),
  dir: fc.constantFrom('ltr' as const, 'rtl' as const),
})

/** Names of the tags, as a reader of HTML finds them that knows nothing of Flashline; throws where one is not whole. */
function tagsOf(text: string): string[] {
  const tags: string[] = []
  const tag = /<(\/?[a-zA-Z!][^\s>]*)((?:[^"'<>]|"[^"]*"|'[^']*')*)>/y
  for (let from = text.indexOf('<'); from >= 0; from = text.indexOf('<', tag.lastIndex)) {
    tag.lastIndex = from
    const found = tag.exec(text)
    if (!found) throw new Error(`no whole tag at ${text.slice(from, from + 60)}`)
    if (!found[1]?.startsWith('/')) tags.push(found[1] ?? '')
  }
  return tags
}

describe('text in markup', () => {
  it('is the same text, and nothing but text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const escaped of [escapeHtml(text), html`${text}`.text]) {
          expect(escaped).not.toMatch(/[<>"']/)
          expect(unescape(escaped)).toBe(text)
        }
        const [, written = ''] = /^name="([^"]*)"$/.exec(attributes({ name: text }).text) ?? []
        expect(unescape(written)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })
})

describe('lines', () => {
  it('make the same tags whatever their words are', () => {
    fc.assert(
      fc.property(title, fc.array(line, { maxLength: 5 }), (feed, lines) => {
        const plain = lines.map((each) => ({
          ...each,
          text: 'x',
          ...(each.speaker !== undefined && { speaker: 'x' }),
          ...(each.note !== undefined && { note: 'x' }),
        }))
        const { text } = linesHtml(feed, lines, { now })
        expect(tagsOf(text)).toEqual(tagsOf(linesHtml(feed, plain, { now }).text))
        for (const { text: words } of lines) expect(text).toContain(`>${escapeHtml(words)}</bdi`)
      }),
      { numRuns: 60 },
    )
  })

  it('are each written as if they stood alone, however often, when and in which language they were asked for', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        const feed = { id: 'en', title: 'T', lang: 'en', dir: 'ltr' } as const
        const fresh = (lang: string, now: number) =>
          linesHtml(
            feed,
            lines.map((each) => ({ ...each })),
            { lang, now },
          ).text
        for (const now of [...times, ...times])
          for (const lang of ['en', 'ar', 'en', 'es'])
            expect(linesHtml(feed, lines, { lang, now }).text).toBe(fresh(lang, now))
      }),
      { numRuns: 15 },
    )
  })
})

describe('the label of a line', () => {
  it('is over from its end on, for each line by itself', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), fc.constantFrom(...times), (lines, now) => {
        const feed = { id: 'en', title: 'T', lang: 'en', dir: 'ltr' } as const
        const shown = [...linesHtml(feed, lines, { now }).text.matchAll(/data-urgency="([a-z]+)"/g)]
        expect(shown.map(([, urgency]) => urgency)).toEqual(
          lines.map(({ urgency, breakingUntil }) =>
            breakingUntil !== undefined && Date.parse(breakingUntil) <= now ? 'routine' : urgency,
          ),
        )
      }),
    )
  })
})

describe('a frame', () => {
  it('is loaded again when the next label ends, and after a minute at the latest', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), fc.constantFrom(...times), (lines, now) => {
        const title = { id: 'en', title: 'T', lang: 'en', dir: 'ltr' } as const
        const { text } = framePage({ title, lines, settings: { mode: 'list' }, origin: undefined, now })
        const seconds = Number(/http-equiv="refresh" content="(\d+)"/.exec(text)?.[1])
        const ends = lines
          .map(({ breakingUntil = '' }) => Date.parse(breakingUntil))
          .filter((end) => end > now)
        const next = Math.min(now + 60_000, ...ends)
        expect(now + seconds * 1_000).toBeGreaterThanOrEqual(next)
        expect(now + (seconds - 1) * 1_000).toBeLessThan(next)
        expect(text).toContain(`data-reload-s="${seconds}"`)
      }),
    )
  })

  it('has the same tags whatever the title is called, and no more lines than it may', () => {
    fc.assert(
      fc.property(title, fc.array(line, { maxLength: 12 }), settings, (feed, lines, chosen) => {
        const page = (of: typeof feed) =>
          tagsOf(framePage({ title: of, lines, settings: chosen, origin: 'https://news.example', now }).text)
        expect(page(feed)).toEqual(page({ ...feed, title: 'x' }))
        const shown = page(feed).filter((tag) => tag === 'li').length
        expect(shown).toBe(Math.min(lines.length, chosen.max ?? DEFAULT_TICKER_LINES))
      }),
      { numRuns: 30 },
    )
  })

  it('that says why there is nothing has the same tags whatever it says', () => {
    fc.assert(
      fc.property(hostile, hostile, fc.option(fc.nat(), { nil: undefined }), (name, detail, returnS) => {
        const body = { type: 't', status: 404, code: 'no-such-feed' } as const
        const page = (title: string, detail: string) =>
          tagsOf(problemPage({ ...body, title, detail }, returnS).text)
        expect(page(name, detail)).toEqual(page('x', 'x'))
        expect(page(name, detail).filter((tag) => tag === 'meta')).toHaveLength(returnS === undefined ? 3 : 4)
      }),
    )
  })

  it('is described within any bounds by markup that leads back to it', () => {
    const bound = fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined })
    fc.assert(
      fc.property(title, settings, bound, bound, (feed, chosen, maxwidth, maxheight) => {
        const origin = 'https://news.example'
        const address = frameAddress(origin, 'en', chosen)
        const asked = frameAt(address, origin)
        if (!asked) throw new Error(`${address} is not embeddable`)
        const told = describeFrame(origin, feed, asked.query, { maxwidth, maxheight })
        expect(told.width).toBe(Math.min(600, maxwidth ?? Infinity))
        expect(told.height).toBeLessThanOrEqual(maxheight ?? Infinity)
        expect(tagsOf(told.html)).toEqual(['iframe'])
        expect(unescape(/ src="([^"]*)"/.exec(told.html)?.[1] ?? '')).toBe(address)
      }),
    )
  })
})
