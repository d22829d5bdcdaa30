import { describe, expect, it } from '@jest/globals'
import {
  contentSchema,
  headlineIdSchema,
  instantSchema,
  linkSchema,
  slugSchema,
} from '../../../src/protocol/headline.ts'
import { publicStatuses, statuses } from '../../../src/protocol/lists/statuses.ts'

describe('a link', () => {
  it.each([
    ['https://news.example/a?b=c#d', 'https://news.example/a?b=c#d'],
    ['HTTP://News.Example', 'http://news.example/'],
    ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
    ['https://news.example/"><script>', 'https://news.example/%22%3E%3Cscript%3E'],
  ])('%s is kept as %s', (written, link) => {
    expect(linkSchema.parse(written)).toBe(link)
  })

  it.each([
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://news.example',
    '//news.example',
    '/path',
    'news.example',
    '',
    'https://',
    'https://user@news.example',
    'https://user:secret@news.example',
    'https://:secret@news.example',
    `https://news.example/${'a'.repeat(2_048)}`,
    `https://news.example/${'ü'.repeat(1_979)}`,
  ])('%j is refused', (written) => {
    expect(linkSchema.safeParse(written).success).toBe(false)
  })
})

it('a link has at most 2,048 characters once it is encoded', () => {
  const atLimit = `https://news.example/${'ü'.repeat(337)}${'a'.repeat(5)}`
  expect(linkSchema.parse(atLimit)).toHaveLength(2_048)
  const { error } = linkSchema.safeParse(`${atLimit}a`)
  expect(error?.issues[0]?.message).toContain('2049 characters long once it is encoded')
})

describe('an instant', () => {
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000Z'],
    ['2026-01-02T03:04:05.678901Z', '2026-01-02T03:04:05.678Z'],
    ['2026-01-02T03:04:05+05:30', '2026-01-01T21:34:05.000Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is kept as %s', (written, instant) => {
    expect(instantSchema.parse(written)).toBe(instant)
  })

  it.each([
    '2026-01-02',
    '2026-01-02T03:04:05',
    '2026-02-30T00:00:00Z',
    '2026-12-31T23:59:60Z',
    '2026-01-02T03:04:05+24:00',
    '9999-12-31T23:59:59-23:59',
    '0000-01-01T00:00:00+00:01',
    '+010000-01-01T00:00:00Z',
    'tomorrow',
    '1767322800',
    '',
  ])('%j is refused', (written) => {
    expect(instantSchema.safeParse(written).success).toBe(false)
  })
})

describe('the content of a line', () => {
  it('has the defaults of a plain bulletin', () => {
    expect(contentSchema.parse({ text: 'A line' })).toEqual({
      text: 'A line',
      urgency: 'bulletin',
      regions: [],
      tags: [],
    })
  })

  it.each([
    [{ text: 'x', unknown: 1 }],
    [{}],
    [{ text: 'x', urgency: 'loud' }],
    [{ text: 'x', section: 'World News' }],
    [{ text: 'x', regions: ['eu', 'EU'] }],
    [{ text: 'x', tags: Array.from({ length: 11 }, (_, n) => `t${n}`) }],
    [{ text: 'x', lang: 'not a language' }],
    [{ text: 'x', speaker: 's'.repeat(81) }],
  ])('%j is refused', (content) => {
    expect(contentSchema.safeParse(content).success).toBe(false)
  })

  it('names a tag once and a language as everybody writes it', () => {
    expect(contentSchema.parse({ text: 'x', tags: ['a', 'b', 'a'], lang: 'EN-gb' })).toMatchObject({
      tags: ['a', 'b'],
      lang: 'en-GB',
    })
  })
})

it.each(['', 'short', 'x'.repeat(23), `${'x'.repeat(21)}:`, `${'x'.repeat(21)}/`])(
  '%j is no headline id',
  (id) => {
    expect(headlineIdSchema.safeParse(id).success).toBe(false)
  },
)

it('says what is wrong with an id, a slug or a link', () => {
  const why = (schema: typeof slugSchema | typeof linkSchema, written: string) =>
    schema.safeParse(written).error?.issues[0]?.message
  expect(why(headlineIdSchema, 'short')).toBe('not a headline id')
  expect(why(slugSchema, 'World News')).toBe('1 to 40 of a-z, 0-9 and -')
  expect(why(linkSchema, 'ftp://news.example')).toBe('not an http or https address without credentials')
})

it('readers meet lines that show, have gone, have other words by now, or do not pass their filter', () => {
  expect(publicStatuses.filter((status) => !(statuses as readonly string[]).includes(status))).toEqual([
    'superseded',
    'filtered',
  ])
})
