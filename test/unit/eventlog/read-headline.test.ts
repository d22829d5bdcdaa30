import { describe, expect, it } from '@jest/globals'
import { contentOf, recordOf, type SavedVersion } from '../../../src/eventlog/read-headline.ts'
import { contentSchema } from '../../../src/protocol/headline.ts'

const content = (text: string) => contentSchema.parse({ text })
const act = { by: 'user:u', person: 'u', name: 'U' }
const saved = (version: number, its?: SavedVersion['content']): SavedVersion => ({
  version,
  action: 'save',
  savedAt: '2026-05-01T10:00:00.000Z',
  act,
  ...(its && { content: its }),
})

describe('the content of a version', () => {
  const versions = [saved(1, content('One')), saved(2), saved(3, { note: 'Gone' }), saved(4, content('Four'))]

  it.each([
    [1, 'One'],
    [2, 'One'],
    [3, 'One'],
    [4, 'Four'],
    [9, 'Four'],
    [0, undefined],
  ])('%i is the newest text up to it: %s', (version, text) => {
    expect(contentOf({ versions }, version)?.text).toBe(text)
  })
})

describe('where a headline stands', () => {
  it('is told with the times of what has happened, and nothing else', () => {
    expect(recordOf({ version: 1, status: 'draft', createdAt: 1_000 }, null, undefined)).toStrictEqual({
      version: 1,
      status: 'draft',
      createdAt: '1970-01-01T00:00:01.000Z',
    })
  })

  it('is told whole', () => {
    const desk = { createdBy: 'u', authors: ['u'] }
    const state = {
      version: 3,
      status: 'live',
      createdAt: 1_000,
      contentVersion: 2,
      desk: JSON.stringify(desk),
      pinned: true,
      publishedAt: 2_000,
      expiresAt: 3_000,
      attention: { feed: 'ar', id: 'x', action: 'withdraw', version: 4, at: 5_000 },
    } as const
    expect(recordOf(state, '4000', content('Two'))).toStrictEqual({
      version: 3,
      status: 'live',
      createdAt: '1970-01-01T00:00:01.000Z',
      content: content('Two'),
      contentVersion: 2,
      desk,
      pinned: true,
      releaseAt: '1970-01-01T00:00:04.000Z',
      publishedAt: '1970-01-01T00:00:02.000Z',
      expiresAt: '1970-01-01T00:00:03.000Z',
      attention: { ...state.attention, at: '1970-01-01T00:00:05.000Z' },
    })
  })

  it('of an earlier version of the service was created when it came out', () => {
    expect(recordOf({ version: 1, status: 'live', publishedAt: 2_000 }, null, undefined).createdAt).toBe(
      '1970-01-01T00:00:02.000Z',
    )
    expect(recordOf({ version: 1, status: 'draft' }, null, content('x'))).toStrictEqual({
      version: 1,
      status: 'draft',
      createdAt: '1970-01-01T00:00:00.000Z',
    })
  })
})
