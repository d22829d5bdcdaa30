import { describe, expect, it } from '@jest/globals'
import { allowsOrigin, originPatternSchema } from '../../../src/protocol/origin-pattern.ts'

const isPattern = (text: string) => originPatternSchema.safeParse(text).success

describe('a pattern of origins', () => {
  it.each([
    'https://news.example',
    'http://localhost:3000',
    'https://*.news.example',
    'https://*.news.example:8443',
    'https://[2001:db8::1]',
    'https://xn--e1afmkfd.example',
    'capacitor://localhost',
  ])('may be %s', (text) => {
    expect(isPattern(text)).toBe(true)
  })

  it.each([
    '',
    '*',
    'null',
    'news.example',
    'https://',
    'https://news.example/',
    'https://news.example:443',
    'http://news.example:80',
    'https://News.example',
    'https://münchen.example',
    'https://user@news.example',
    'https://user:pw@news.example',
    'https://news.example?x',
    'https://news.example#x',
    'https://news.example https://other.example',
    "https://news.example;script-src 'self'",
    'https://*',
    'https://*.example',
    'https://*.*.example',
    'https://w*.news.example',
    'https://*news.example',
    'https://*.127.0.0.1',
    'https://news..example',
    'https://.news.example',
    'https://*.news.example/',
    'https://*.user@news.example',
    'https://news.example:0',
    'https://news.example:99999',
  ])('may not be %j', (text) => {
    expect(isPattern(text)).toBe(false)
  })
})

describe('an origin', () => {
  const patterns = ['https://news.example', 'https://*.example.org', 'http://*.example.org:8080']

  it.each([
    'https://news.example',
    'https://www.example.org',
    'https://a.b.example.org',
    'http://www.example.org:8080',
  ])('%s fits', (origin) => {
    expect(allowsOrigin(patterns, origin)).toBe(true)
  })

  it.each([
    'null',
    '',
    '*',
    'https://example.org',
    'https://evil-example.org',
    'https://evilexample.org',
    'https://example.org.evil.com',
    'https://www.example.org.evil.com',
    'https://www.example.org.',
    'https://.example.org',
    'https://*.example.org',
    'https://user@www.example.org',
    'https://evil.com@www.example.org',
    'https://evil.com/.example.org',
    'https://evil.com#.example.org',
    'https://evil.com?.example.org',
    'https://evil.com\\.example.org',
    'https://evil.com:443.example.org',
    'https://www.example.org:8443',
    'https://www.example.org:443',
    'http://www.example.org',
    'https://www.EXAMPLE.org',
    'https://www.example.org ',
    'https://www.example.org\nhttps://evil.com',
    'xhttps://www.example.org',
    'https://sub.news.example',
  ])('%j does not fit', (origin) => {
    expect(allowsOrigin(patterns, origin)).toBe(false)
  })
})
