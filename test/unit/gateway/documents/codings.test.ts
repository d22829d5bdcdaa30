import { expect, it } from '@jest/globals'
import { codingFor, compress, IDENTITY } from '../../../../src/gateway/documents/codings.ts'

it.each([
  [undefined, IDENTITY],
  ['', IDENTITY],
  ['identity', IDENTITY],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['gzip, deflate, br', 'br'],
  ['gzip;q=1.0, br;q=0.5', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0', IDENTITY],
  ['deflate', IDENTITY],
  ['*', 'br'],
  ['*;q=0.1, br;q=0, zstd;q=0', 'gzip'],
  ['gzip;q=no', IDENTITY],
  [';;,,q=', IDENTITY],
])('a client that takes %j gets %s', (accepted, coding) => {
  expect(codingFor(accepted)).toBe(coding)
  // The second time from memory.
  expect(codingFor(accepted)).toBe(coding)
})

it('what is not known is not compressed', () => {
  const bytes = Buffer.from('a'.repeat(1_000))
  expect(compress(IDENTITY, bytes)).toBe(bytes)
  expect(compress('gzip', bytes).length).toBeLessThan(100)
})
