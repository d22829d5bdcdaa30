import { describe, expect, it } from '@jest/globals'
import {
  feedIdSchema,
  feedTitle,
  isFeedId,
  languageSchema,
  newFeedSchema,
} from '../../../src/protocol/feed.ts'

const feed = (settings: object) => newFeedSchema.parse({ id: 'x', title: 'X', lang: 'en', ...settings })

describe('a feed', () => {
  it.each([
    ['en', 'ltr'],
    ['ar', 'rtl'],
    ['he-IL', 'rtl'],
    ['fa', 'rtl'],
    ['ur-PK', 'rtl'],
    ['az-Arab', 'rtl'],
    ['ar-Latn', 'ltr'],
    ['zh-Hant', 'ltr'],
  ])('in %s runs %s', (lang, dir) => {
    expect(feed({ lang }).dir).toBe(dir)
  })

  it('runs as its editors say', () => {
    expect(feed({ lang: 'ar', dir: 'ltr' }).dir).toBe('ltr')
  })

  it.each(['en', 'sport-24', 'a', 'a'.repeat(32)])('may be called %s', (id) => {
    expect(feedIdSchema.safeParse(id).success).toBe(true)
    expect(isFeedId(id)).toBe(true)
  })

  it.each([
    '',
    '1st',
    '-a',
    'EN',
    'e n',
    'en}',
    '{en',
    'en:log',
    'en/..',
    'ä',
    'a'.repeat(33),
    '__proto__',
    'desk',
  ])('may not be called %j', (id) => {
    expect(feedIdSchema.safeParse(id).success).toBe(false)
    expect(isFeedId(id)).toBe(false)
  })

  it('says why it may not be called so', () => {
    const why = (id: string) => feedIdSchema.safeParse(id).error?.issues[0]?.message
    expect(why('EN')).toBe('a letter, then up to 31 of a-z, 0-9 and -')
    expect(why('desk')).toBe('kept for the service itself')
  })

  it('has its direction last, and tells readers what they need', () => {
    const made = feed({ dir: 'rtl', stripLimit: 10 })
    expect(Object.keys(made).at(-1)).toBe('dir')
    expect(feedTitle(made)).toStrictEqual({ id: 'x', title: 'X', lang: 'en', dir: 'rtl' })
  })
})

it('a language is written as everybody writes it', () => {
  expect(languageSchema.parse('EN-gb')).toBe('en-GB')
  expect(languageSchema.safeParse('not a tag').error?.issues[0]?.message).toBe('not a BCP 47 language tag')
})
