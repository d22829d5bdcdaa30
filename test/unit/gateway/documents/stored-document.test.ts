import { describe, expect, it } from '@jest/globals'
import { isHeld } from '../../../../src/gateway/documents/is-held.ts'
import { StoredDocument } from '../../../../src/gateway/documents/stored-document.ts'

const changedAt = Date.UTC(2026, 9, 5, 12, 0, 1, 800)
const second = Math.floor(changedAt / 1_000) * 1_000
const date = new Date(second).toUTCString()
const facts = { type: 'application/feed+json', changedAt, headers: ['Cache-Control', 'x'] }

describe('a stored document', () => {
  it('has a date only when no later change can have the same one', () => {
    const document = new StoredDocument('text', facts)
    expect(document.representation(undefined, second + 1_999).whole).not.toContain('Last-Modified')
    expect(document.representation(undefined, second + 2_000).whole).toEqual(
      expect.arrayContaining(['Last-Modified', date]),
    )
  })

  it('is held by a date no earlier than that, and by its tag at once', () => {
    const document = new StoredDocument('text', facts)
    const { etag } = document.representation(undefined, second)
    const held = (headers: Record<string, string>, now: number) => isHeld(headers, etag, document, now)
    expect(held({ 'if-modified-since': date }, second + 1_999)).toBe(false)
    expect(held({ 'if-modified-since': date }, second + 2_000)).toBe(true)
    expect(held({ 'if-none-match': etag }, second)).toBe(true)
    expect(held({ 'if-none-match': '"x"', 'if-modified-since': date }, second + 9_000)).toBe(false)
    expect(held({}, second + 9_000)).toBe(false)
  })

  it('is not compressed where that makes it longer, and then has the tag of its plain bytes', () => {
    const short = new StoredDocument('{}', facts)
    expect(short.representation('gzip', second).etag).toBe(short.representation(undefined, second).etag)
    const long = new StoredDocument('a'.repeat(1_000), facts)
    expect(long.representation('gzip', second).etag).toMatch(/-gzip"$/)
    expect(long.representation('gzip', second).bytes).toBe(long.representation('gzip', second + 9_000).bytes)
  })
})
