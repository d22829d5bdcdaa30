import type { IncomingMessage } from 'node:http'
import { expect, it } from '@jest/globals'
import { credentialOf } from '../../../../src/gateway/partners/credential-of.ts'

const found = (authorization: string | undefined, url = '/v1/feeds/en') =>
  credentialOf({
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
