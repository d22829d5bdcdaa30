import { expect, it } from '@jest/globals'
import { differences } from '../../../src/desk/differences.ts'
import { contentSchema } from '../../../src/protocol/headline.ts'

const content = (input: object) => contentSchema.parse({ text: 'Bridge closed', ...input })

it.each([
  ['no difference', {}, {}, []],
  ['a text', {}, { text: 'Bridge open' }, [{ field: 'text', seen: 'Bridge closed', current: 'Bridge open' }]],
  ['an added field', {}, { speaker: 'Police' }, [{ field: 'speaker', current: 'Police' }]],
  ['a removed field', { section: 'city' }, {}, [{ field: 'section', seen: 'city' }]],
  ['a list', { tags: ['a'] }, { tags: ['a', 'b'] }, [{ field: 'tags', seen: ['a'], current: ['a', 'b'] }]],
  [
    'several fields, in the order of the schema',
    { note: 'x' },
    { urgency: 'flash', note: 'y' },
    [
      { field: 'urgency', seen: 'bulletin', current: 'flash' },
      { field: 'note', seen: 'x', current: 'y' },
    ],
  ],
])('lists %s', (_what, seen, current, expected) => {
  expect(differences(content(seen), content(current))).toStrictEqual(expected)
})
