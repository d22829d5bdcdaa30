import { describe, expect, it } from '@jest/globals'
import { connectionKey, readSettings } from '../../../../web/widget/settings.ts'

const settings = (attributes: Readonly<Record<string, string>>) =>
  readSettings((name) => attributes[name] ?? null, 'https://flash.example/')

describe('the settings of a ticker', () => {
  it('have default values without attributes', () => {
    expect(settings({ feed: 'en' })).toEqual({
      src: 'https://flash.example/',
      feed: 'en',
      filters: { section: [], region: [] },
      max: 10,
      mode: 'strip',
      dir: undefined,
      theme: 'auto',
      lang: undefined,
      announce: 'bulletin',
      notices: 5,
      cache: false,
      share: false,
      font: null,
      hidden: false,
    })
  })

  it.each([
    { attributes: { max: '3' }, expected: { max: 3 } },
    { attributes: { max: '500' }, expected: { max: 50 } },
    { attributes: { max: '-1' }, expected: { max: 10 } },
    { attributes: { max: 'Infinity' }, expected: { max: 50 } },
    { attributes: { max: 'NaN' }, expected: { max: 10 } },
    { attributes: { mode: 'crawl' }, expected: { mode: 'crawl' } },
    { attributes: { mode: 'constructor' }, expected: { mode: 'strip' } },
    { attributes: { theme: 'pink', dir: 'up' }, expected: { theme: 'auto', dir: undefined } },
    { attributes: { announce: 'off' }, expected: { announce: 'off' } },
    { attributes: { notices: '1.5' }, expected: { notices: 1.5 } },
    { attributes: { notices: '0' }, expected: { notices: 0 } },
    { attributes: { notices: '' }, expected: { notices: 5 } },
    { attributes: { notices: '-1' }, expected: { notices: 5 } },
    { attributes: { notices: 'soon' }, expected: { notices: 5 } },
    {
      attributes: { section: ' city,  sport ,', urgency: 'urgent' },
      expected: { filters: { section: ['city', 'sport'], region: [], urgency: 'urgent' } },
    },
    {
      attributes: { section: ' City, SPORT', region: ' East ', urgency: ' Flash ' },
      expected: { filters: { section: ['city', 'sport'], region: ['east'], urgency: 'flash' } },
    },
    // The server refuses it; without it, lines would show that were to be left out.
    { attributes: { urgency: 'Flush' }, expected: { filters: { urgency: 'flush' } } },
    { attributes: { cache: '', share: 'false' }, expected: { cache: true, share: true } },
  ])('$attributes', ({ attributes, expected }) => {
    expect(settings(attributes)).toMatchObject(expected)
  })

  it('need another connection for other content, not for another appearance', () => {
    const key = (more: Readonly<Record<string, string>>) => connectionKey(settings({ feed: 'en', ...more }))
    for (const appearance of [
      { max: '3' },
      { mode: 'list' },
      { theme: 'dark' },
      { dir: 'rtl' },
      { lang: 'es' },
    ])
      expect(key(appearance)).toBe(key({}))
    for (const reads of [
      { feed: 'ar' },
      { src: '/' },
      { section: 'a' },
      { urgency: 'flash' },
      { cache: '' },
      { share: '' },
    ])
      expect(key(reads)).not.toBe(key({}))
  })
})
