import { expect, it } from '@jest/globals'
import { differences } from '../../../src/desk/differences.ts'
import { contentSchema } from '../../../src/protocol/headline.ts'

const content = (written: object) => contentSchema.parse({ text: 'Bridge closed', ...written })

it.each([
  ['nothing', {}, {}, []],
  ['a text', {}, { text: 'Bridge open' }, [{ field: 'text', seen: 'Bridge closed', current: 'Bridge open' }]],
  ['a field that came', {}, { speaker: 'Police' }, [{ field: 'speaker', current: 'Police' }]],
  ['a field that went', { section: 'city' }, {}, [{ field: 'section', seen: 'city' }]],
  ['a list', { tags: ['a'] }, { tags: ['a', 'b'] }, [{ field: 'tags', seen: ['a'], current: ['a', 'b'] }]],
  [
    'several, in the order of the fields',
    { note: 'x' },
    { urgency: 'flash', note: 'y' },
    [
      { field: 'urgency', seen: 'bulletin', current: 'flash' },
      { field: 'note', seen: 'x', current: 'y' },
    ],
  ],
])('tells %s', (_what, seen, current, expected) => {
  expect(differences(content(seen), content(current))).toEqual(expected)
})
