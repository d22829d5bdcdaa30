import { expect, it } from '@jest/globals'
import { lineWordsOf } from '../../../../src/protocol/line-words-for.ts'
import { onAirLine } from '../../../../web/on-air/on-air-line.ts'
import type { Headline } from '../../../../web/sdk/index.ts'

const NOW = Date.parse('2026-11-30T12:00:00Z')
const headline = (extra: Partial<Headline> = {}) =>
  ({ id: 'a', version: 1, text: 'Talks go on', urgency: 'flash', ...extra }) as Headline
const lineOf = (extra: Partial<Headline>, lang: string, numbering?: string) => {
  const feed = { lang, dir: lang === 'ar' ? 'rtl' : 'ltr', numbering } as const
  return onAirLine(headline(extra), { words: lineWordsOf(feed, undefined), feed, now: NOW })
}

it.each([
  ['ar', undefined, /^صُحِّح \d\d:\d\d$/],
  ['ar', 'arab', /^صُحِّح [٠-٩]{2}:[٠-٩]{2}$/],
  ['es', undefined, /^Corregido \d\d:\d\d$/],
])('in %s a correction has its time in the digits of the feed (%s)', (lang, numbering, mark) => {
  expect(lineOf({ corrected: '2026-11-30T11:59:00Z' }, lang, numbering).mark).toMatch(mark)
})

it('the label ends by the time of the server, and the words stay the same', () => {
  const until = lineOf({ breakingUntil: '2026-11-30T12:00:01Z' }, 'en')
  const over = lineOf({ breakingUntil: '2026-11-30T12:00:00Z' }, 'en')
  expect([until.label, over.label]).toEqual(['Flash', undefined])
  expect(over.key).toBe(until.key)
})

it('a line in another language has the direction of its own', () => {
  expect(lineOf({}, 'ar')).toMatchObject({ lang: 'ar', dir: 'rtl' })
  expect(lineOf({ lang: 'en' }, 'ar')).toMatchObject({ lang: 'en', dir: 'ltr' })
})

it('a pin is no other words, and a correction is', () => {
  const first = lineOf({}, 'en')
  expect(lineOf({ version: 2, pinned: true }, 'en').key).toBe(first.key)
  expect(lineOf({ version: 2, text: 'Talks end' }, 'en').key).not.toBe(first.key)
})
