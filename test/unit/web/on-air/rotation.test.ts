import { expect, it } from '@jest/globals'
import { Rotation } from '../../../../web/on-air/rotation.ts'

const turns = (rotation: Rotation, count: number) =>
  Array.from({ length: count }, () => rotation.next()).join('')

it('lines take turns in display order, and a new one comes first', () => {
  const rotation = new Rotation()
  expect(rotation.next()).toBeUndefined()
  rotation.update(['a', 'b', 'c'])
  expect(turns(rotation, 5)).toBe('abcab')
  rotation.update(['n', 'a', 'b', 'c'])
  expect(turns(rotation, 5)).toBe('ncabn')
})

it('a line that has gone and come back, or whose words have changed, comes next', () => {
  const rotation = new Rotation()
  rotation.update(['a', 'b', 'c'])
  expect(turns(rotation, 3)).toBe('abc')
  rotation.update(['a', 'b'])
  rotation.update(['a', 'b', 'c'])
  expect(turns(rotation, 2)).toBe('ca')
  rotation.forget('a')
  expect(turns(rotation, 2)).toBe('ab')
})
