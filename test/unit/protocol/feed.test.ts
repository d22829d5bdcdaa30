import { describe, expect, it } from '@jest/globals'
import { feedIdSchema, newFeedSchema } from '../../../src/protocol/feed.ts'

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
  })

  it.each(['', '1st', '-a', 'EN', 'e n', 'en}', '{en', 'en:log', 'en/..', 'ä', 'a'.repeat(33), '__proto__'])(
    'may not be called %j',
    (id) => {
      expect(feedIdSchema.safeParse(id).success).toBe(false)
    },
  )
})
