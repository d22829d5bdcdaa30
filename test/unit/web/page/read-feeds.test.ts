import { describe, expect, it } from '@jest/globals'
import { readFeeds } from '../../../../web/page/read-feeds.ts'

const feed = { id: 'ar', title: 'العربية', lang: 'ar', dir: 'rtl' }

describe('readFeeds', () => {
  it('reads the feeds and leaves out what is none', () => {
    expect(readFeeds({ feeds: [feed, { id: 'en' }, null] })).toEqual([feed])
  })

  it.each([undefined, null, [], {}, { feeds: {} }])('finds no answer in %j', (answer) => {
    expect(() => readFeeds(answer)).toThrow(TypeError)
  })
})
