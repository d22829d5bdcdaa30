import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import { credentialOf, documentCredentialOf } from '../../../../src/gateway/partners/credential-of.ts'

const found = (authorization: string | undefined, url = '/v1/feeds/en', credentialIn = credentialOf) =>
  credentialIn({
    headers: { ...(authorization !== undefined && { authorization }) },
    url,
  } as unknown as IncomingMessage)

it.each([
  ['Bearer fp_0123456789abcdef_x', '/', { kind: 'key', text: 'fp_0123456789abcdef_x' }],
  ['bearer  fp_', '/', { kind: 'key', text: 'fp_' }],
  ['Bearer a.b.c', '/', { kind: 'token', text: 'a.b.c' }],
  ['Bearer a.b.', '/', { kind: 'token', text: 'a.b.' }],
  [undefined, '/v1/feeds/en?token=a.b.c', { kind: 'token', text: 'a.b.c' }],
  [undefined, '/v1/feeds/en?token=', { kind: 'token', text: '' }],
  [undefined, '/v1/feeds/en?token=a.b.c&token=a.b.c', { kind: 'token', text: '' }],
  ['Bearer fo_x', '/', { kind: 'key', text: 'fo_x' }],
  [undefined, '/v1/feeds/en?token=fo_x', { kind: 'key', text: 'fo_x' }],
  // Only outputs on air may have their key in an address.
  [undefined, '/v1/feeds/en?token=fp_x', { kind: 'token', text: 'fp_x' }],
  ['Bearer fp_x', '/v1/feeds/en?token=a.b.c', { kind: 'key', text: 'fp_x' }],
  // Readers' routes have never looked at keys of the newsroom, or at what a proxy adds.
  ['Bearer fl_0123456789abcdef_x', '/', undefined],
  ['Basic dXNlcjpwdw==', '/', undefined],
  [undefined, '/', undefined],
  [undefined, '/?xtoken=a', undefined],
  [undefined, '/token=a', undefined],
])('%j with %s', (authorization, url, credential) => {
  expect(found(authorization, url)).toEqual(credential)
})

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

it('a key or token that is too long is a wrong one, and not none', () => {
  const long = 'x'.repeat(9_000)
  expect(found(`Bearer fp_${long}`)).toEqual({ kind: 'key', text: `fp_${long}` })
  expect(found(`Bearer ${long}.b.c`)).toEqual({ kind: 'token', text: `${long}.b.c` })
  expect(found(basic(`:fp_${long}`), '/', documentCredentialOf)).toEqual({ kind: 'key', text: `fp_${long}` })
})

describe('a request for a document', () => {
  it.each([
    [basic('acme:fp_0123456789abcdef_x'), '/', { kind: 'key', text: 'fp_0123456789abcdef_x' }],
    [basic(':fp_x'), '/', { kind: 'key', text: 'fp_x' }],
    [basic('fp_x'), '/', { kind: 'key', text: 'fp_x' }],
    [basic('acme:fp_x').replace('Basic', 'basic '), '/', { kind: 'key', text: 'fp_x' }],
    ['Bearer fp_x', '/', { kind: 'key', text: 'fp_x' }],
    [basic('acme:fp_x'), '/?token=a.b.c', { kind: 'key', text: 'fp_x' }],
    // The password of a proxy in front.
    [basic('user:pw'), '/', undefined],
    [basic('fp_x:pw'), '/', undefined],
    [basic('user:pw'), '/?token=a.b.c', { kind: 'token', text: 'a.b.c' }],
    ['Basic ???', '/', undefined],
  ])('may have the key as a password: %j with %s', (authorization, url, credential) => {
    expect(found(authorization, url, documentCredentialOf)).toEqual(credential)
  })
})
