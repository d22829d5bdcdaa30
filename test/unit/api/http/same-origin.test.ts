import { describe, expect, it } from '@jest/globals'
import type { IncomingHttpHeaders } from 'node:http'
import { refuseOtherSites, requireOwnPage } from '../../../../src/api/http/same-origin.ts'

const TOKEN = 'the-token-of-the-session'
const host = 'news.example'
const own = { host, origin: `https://${host}`, 'sec-fetch-site': 'same-origin' }

function outcome(act: () => void): 'passes' | 'refused' {
  try {
    act()
    return 'passes'
  } catch (error) {
    expect(error).toMatchObject({ code: 'csrf-refused' })
    return 'refused'
  }
}
const withSession = (headers: IncomingHttpHeaders, { method = 'POST', secure = true, token = TOKEN } = {}) =>
  outcome(() => requireOwnPage({ method, headers: { ...headers, 'x-csrf-token': token }, secure }, TOKEN))
const withoutSession = (headers: IncomingHttpHeaders, { method = 'POST', secure = true } = {}) =>
  outcome(() => refuseOtherSites({ method, headers, secure }))

/** Headers of a request, whether it came over https, and whose page has sent it. */
const cases: readonly [string, IncomingHttpHeaders, boolean, 'own' | 'other' | 'untold'][] = [
  ['the own page', own, true, 'own'],
  ['the own page, of an old browser', { host, origin: `https://${host}` }, true, 'own'],
  ['the own page, without an origin', { host, 'sec-fetch-site': 'same-origin' }, true, 'own'],
  ['the own page over http', { host, origin: `http://${host}` }, false, 'own'],
  ['the own page on a port', { host: 'a:8443', origin: 'https://a:8443' }, true, 'own'],
  ['TLS in front of a service that does not know of it', { host, origin: `https://${host}` }, false, 'own'],
  ['a page over http, at a service over https', { host, origin: `http://${host}` }, true, 'other'],
  ['another site', { host, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, true, 'other'],
  ['another site, of an old browser', { host, origin: 'https://evil.example' }, true, 'other'],
  ['another subdomain', { ...own, 'sec-fetch-site': 'same-site' }, true, 'other'],
  ['another port', { host, origin: `https://${host}:444` }, true, 'other'],
  ['a page without an origin', { host, origin: 'null' }, true, 'other'],
  ['an origin that is none', { host, origin: 'news' }, true, 'other'],
  [
    'an origin that has the host as its user',
    { host, origin: `https://${host}@evil.example` },
    true,
    'other',
  ],
  ['an address that was typed in', { host, 'sec-fetch-site': 'none' }, true, 'other'],
  ['another site, by its fetch site alone', { host, 'sec-fetch-site': 'cross-site' }, true, 'other'],
  [
    'an own origin that the fetch site contradicts',
    { ...own, 'sec-fetch-site': 'cross-site' },
    true,
    'other',
  ],
  ['a program', { host }, true, 'untold'],
]

describe.each(cases)('%s', (_what, headers, secure, from) => {
  it('with the cookie of a session changes something only as an own page', () => {
    expect(withSession(headers, { secure })).toBe(from === 'own' ? 'passes' : 'refused')
  })

  it('without a session changes something unless it is another site', () => {
    expect(withoutSession(headers, { secure })).toBe(from === 'other' ? 'refused' : 'passes')
  })

  it.each(['GET', 'HEAD', 'OPTIONS'])('may ask with %s', (method) => {
    expect(withSession(headers, { secure, method, token: '' })).toBe('passes')
    expect(withoutSession(headers, { secure, method })).toBe('passes')
  })
})

it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'get'])('%s needs a page of this server', (method) => {
  expect(withSession({ ...own, origin: 'https://evil.example' }, { method })).toBe('refused')
  expect(withoutSession({ ...own, origin: 'https://evil.example' }, { method })).toBe('refused')
})

it.each(['', 'another', TOKEN.slice(1), `${TOKEN}x`, TOKEN.toUpperCase()])(
  "an own page without the session's token is refused: %j",
  (token) => {
    expect(withSession(own, { token })).toBe('refused')
  },
)

it('an own page that sends no token, or two of them, is refused', () => {
  const of = (headers: IncomingHttpHeaders) =>
    outcome(() => requireOwnPage({ method: 'POST', headers, secure: true }, TOKEN))
  expect(of(own)).toBe('refused')
  expect(of({ ...own, 'x-csrf-token': [TOKEN, TOKEN] })).toBe('refused')
})
