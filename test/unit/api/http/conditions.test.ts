import { describe, expect, it } from '@jest/globals'
import { onceOf, seenVersion, seenVersionIfTold } from '../../../../src/api/http/conditions.ts'

describe('If-Match', () => {
  const read = (written?: string) => seenVersion(written === undefined ? {} : { 'if-match': written })

  it.each([
    ['"1"', 1],
    [' "12" ', 12],
    ['"0"', 0],
    // Tags that no version ever had.
    ['W/"1"', -1],
    ['"01"', -1],
    ['""', -1],
    ['"1", "2"', -1],
  ])('%s names version %i', (written, version) => {
    expect(read(written)).toBe(version)
  })

  it.each([[undefined], ['*']])('%s names no version', (written) => {
    expect(() => read(written)).toThrow('precondition-required')
  })

  it.each(['1', '"1', '', '"a"b"', '"1";'])('%s cannot be read', (written) => {
    expect(() => read(written)).toThrow('malformed-request')
  })

  it('may be left out, or be a star, where no version is needed', () => {
    expect(seenVersionIfTold({})).toBe('any')
    expect(seenVersionIfTold({ 'if-match': '*' })).toBe('any')
    expect(seenVersionIfTold({ 'if-match': '"3"' })).toBe(3)
  })
})

describe('Idempotency-Key', () => {
  const once = (
    key: string | undefined,
    request: unknown[] = ['publish', '', { text: 'x' }],
    credential = 'key:k1',
  ) =>
    onceOf({
      headers: key === undefined ? {} : { 'idempotency-key': key },
      requestId: 'r1',
      credential,
      feed: 'en',
      request,
    })

  it('joins the request, its API key and its feed', () => {
    expect(once('a')).toEqual(once('a'))
    expect(once('a').token).not.toBe(once('b').token)
    expect(once('a').token).not.toBe(once('a', undefined, 'key:k2').token)
  })

  it('tells other requests by their fingerprint', () => {
    expect(once('a').fingerprint).not.toBe(once('a', ['withdraw', 'id', {}]).fingerprint)
  })

  it('lasts a day; without it only what the Redis client repeats is recognised', () => {
    expect(once('a').rememberMs).toBe(86_400_000)
    expect(once(undefined)).toMatchObject({ token: 'request r1', rememberMs: 600_000 })
  })

  it.each(['', 'é', 'a\tb', 'x'.repeat(201)])('cannot be %j', (key) => {
    expect(() => once(key)).toThrow('malformed-request')
  })
})
