import { describe, expect, it } from '@jest/globals'
import { readFeeds } from '../../../../web/page/read-feeds.ts'

const feed = { id: 'ar', title: 'العربية', lang: 'ar', dir: 'rtl' }

describe('readFeeds', () => {
  it('reads the feeds and leaves out invalid entries', () => {
    expect(readFeeds({ feeds: [feed, { id: 'en' }, null] })).toEqual([feed])
  })

  it.each([undefined, null, [], {}, { feeds: {} }])('refuses %j, which has no list', (answer) => {
    expect(() => readFeeds(answer)).toThrow(TypeError)
  })
})
