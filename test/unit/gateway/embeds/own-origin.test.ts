import { expect, it } from '@jest/globals'
import { ownOrigin } from '../../../../src/gateway/embeds/own-origin.ts'

const of = (host: string | undefined, protocol = 'https') =>
  ownOrigin({ headers: host === undefined ? {} : { host }, protocol })

it.each([
  ['news.example', 'https://news.example'],
  ['NEWS.example', 'https://news.example'],
  ['news.example:8443', 'https://news.example:8443'],
  ['news.example:443', 'https://news.example'],
  ['a', 'https://a'],
  ['192.0.2.1:80', 'https://192.0.2.1:80'],
  ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
])('a request to %s came under %s', (host, origin) => {
  expect(of(host)).toBe(origin)
})

it.each([
  undefined,
  '',
  'user@news.example',
  'news.example/path',
  'news.example?x',
  'news.example#x',
  'news.example\\evil',
  'a b',
  '.news.example',
  'news.example.',
  '-a',
  'news.example:',
  'news.example:123456',
  'news.example:99999',
  '"><script>',
  '[::1',
  '[zz::1]',
  'x'.repeat(300),
])('a request to %j came under no origin', (host) => {
  expect(of(host)).toBeUndefined()
})

it.each([
  ['https', 'https://news.example'],
  ['http', 'http://news.example'],
  ['javascript', 'http://news.example'],
  ['HTTPS', 'http://news.example'],
])('is told with the protocol %s as %s', (protocol, origin) => {
  expect(of('news.example', protocol)).toBe(origin)
})
