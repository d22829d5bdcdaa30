import { expect, it } from '@jest/globals'
import { isUnavailable } from '../../../src/eventlog/store/scripts.ts'

it.each([
  ['CONTRACT save-headline takes 20 keys', false],
  ['WRONGTYPE Operation against a key', false],
  ['ERR wrong number of arguments', false],
  ['ERR max number of clients reached', true],
  ['OOM command not allowed', true],
  ['READONLY You can not write against a read only replica', true],
  ['LOADING Redis is loading the dataset in memory', true],
  ['Connection is closed.', true],
  ['the word CONTRACT in the middle', true],
])('"%s" may pass by itself: %s', (message, may) => {
  expect(isUnavailable(new Error(message))).toBe(may)
})
