import { describe, expect, it } from '@jest/globals'
import {
  correctionSchema,
  feedRequestSchema,
  newHeadlineSchema,
  retractionSchema,
  savingSchema,
  sendingBackSchema,
  withdrawalSchema,
} from '../../../src/protocol/desk-requests.ts'

/** The faults of a request, as path and message. */
function faults(schema: typeof correctionSchema | typeof savingSchema, written: object): string[] {
  const { error } = schema.safeParse(written)
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
}

describe('a request for a feed', () => {
  const feed = { id: 'ar', title: 'Breaking', lang: 'ar' }

  it('has a direction from its language, and a policy beside it', () => {
    expect(feedRequestSchema.parse(feed)).toEqual({
      feed: { ...feed, stripLimit: 50, dir: 'rtl' },
      policy: undefined,
    })
    const { policy, feed: kept } = feedRequestSchema.parse({
      ...feed,
      dir: 'ltr',
      policy: { maxGraphemes: 100 },
    })
    expect(kept).toEqual({ ...feed, stripLimit: 50, dir: 'ltr' })
    expect(policy?.maxGraphemes).toBe(100)
  })

  it('says nothing else', () => {
    expect(feedRequestSchema.safeParse({ ...feed, colour: 'red' }).success).toBe(false)
  })
})

describe('a new line', () => {
  it.each(['keep', 'submit', 'release'] as const)('may be for: %s', (then) => {
    expect(newHeadlineSchema.parse({ text: 'x', then }).then).toBe(then)
  })

  it('goes out at once when nothing is said of it', () => {
    expect(newHeadlineSchema.parse({ text: 'x' }).then).toBe('release')
    expect(newHeadlineSchema.safeParse({ text: 'x', then: '' }).success).toBe(false)
  })
})

describe('a change', () => {
  const nothing = ': nothing to change'

  it.each([
    [savingSchema, {}, [nothing]],
    [savingSchema, { reason: 'A slip' }, [nothing]],
    [savingSchema, { text: 'x' }, []],
    [savingSchema, { speaker: null, reason: 'Not he' }, []],
    [correctionSchema, { kind: 'refile', cascade: true, reason: 'A slip' }, [nothing]],
    [correctionSchema, { text: 'x' }, []],
    [correctionSchema, { text: 'x', note: 'It was y' }, []],
    [correctionSchema, { text: 'x', kind: 'refile' }, []],
    [correctionSchema, { text: 'x', kind: 'refile', note: 'It was y' }, ['note: a refile says nothing']],
    [correctionSchema, { text: 'x', kind: 'correction' }, ['note: say what was wrong']],
    [correctionSchema, { text: 'x', kind: 'correction', note: 'It was y' }, []],
  ])('%#: has the faults that its words have', (schema, written, expected) => {
    expect(faults(schema, written)).toEqual(expected)
  })

  it('leaves the lines of the same story alone unless it is told to', () => {
    expect(correctionSchema.parse({ text: 'x' }).cascade).toBe(false)
    expect(withdrawalSchema.parse({}).cascade).toBe(false)
  })
})

describe('a retraction', () => {
  it('is carried out unless it is a rehearsal', () => {
    const written = { since: '2026-05-01T10:00:00Z', reason: 'A wrong feed' }
    expect(retractionSchema.parse(written)).toEqual({
      since: '2026-05-01T10:00:00.000Z',
      reason: 'A wrong feed',
      dryRun: false,
    })
    expect(retractionSchema.safeParse({ since: written.since }).success).toBe(false)
  })
})

it('a line is not sent back without a word', () => {
  expect(sendingBackSchema.safeParse({}).success).toBe(false)
  expect(sendingBackSchema.safeParse({ reason: 'Which bridge?' }).success).toBe(true)
})
