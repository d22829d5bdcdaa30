import { describe, expect, it } from '@jest/globals'
import { correctedContent } from '../../../src/desk/corrected-content.ts'
import { savingSchema } from '../../../src/protocol/desk-requests.ts'
import { contentSchema } from '../../../src/protocol/headline.ts'

const previous = contentSchema.parse({
  text: 'Bridge closed',
  speaker: 'Police',
  urgency: 'flash',
  tags: ['bridge'],
  note: 'About the first version',
})
const corrected = (correction: object) => correctedContent(previous, savingSchema.parse(correction))

describe('a correction', () => {
  const { note: _, ...kept } = previous

  it.each([
    ['keeps the fields that it does not name', { text: 'Bridge open' }, { ...kept, text: 'Bridge open' }],
    ['adds a field', { section: 'city' }, { ...kept, section: 'city' }],
    ['empties a list with null', { tags: null }, { ...kept, tags: [] }],
    ['replaces a list', { tags: ['a', 'b'] }, { ...kept, tags: ['a', 'b'] }],
    ['has a note of its own', { note: 'Now open' }, { ...kept, note: 'Now open' }],
  ])('%s', (_sentence, correction, expected) => {
    expect(corrected(correction)).toStrictEqual(expected)
  })

  it('removes an optional field with null', () => {
    expect(corrected({ speaker: null })).not.toHaveProperty('speaker')
  })

  it.each([{ text: null }, { urgency: null }, { releaseAt: '2030-01-01T00:00:00Z' }, {}])(
    'cannot be %j',
    (correction) => {
      expect(savingSchema.safeParse(correction).success).toBe(false)
    },
  )
})
