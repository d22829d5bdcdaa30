import { expect, it } from '@jest/globals'
import { FeedLog } from '../../../../src/gateway/memory/feed-log.ts'
import { SharedBytes } from '../../../../src/gateway/memory/shared-bytes.ts'
import { entriesOf } from '../../../support/entries.ts'

const MB = 1024 * 1024

function emptyLog(): FeedLog {
  const head = { epoch: 'abcdefgh', seq: 0, chain: '' }
  const loaded = { head, frozen: false, strip: [], entries: [], chains: new Map<number, string>() }
  return new FeedLog(loaded, { events: 10, bytes: MB })
}

it('what is shared is made once, and anew when the log has gone on', () => {
  const log = emptyLog()
  const shared = new SharedBytes(log)
  let made = 0
  const get = (key = 'a') => shared.get(key, () => Buffer.from(`${key} ${++made}`)).toString()
  expect([get(), get('b'), get(), get('b')]).toEqual(['a 1', 'b 2', 'a 1', 'b 2'])
  for (const entry of entriesOf([{ line: 1, gone: 'no', regions: [], urgency: 'flash' }])) log.append(entry)
  expect([get(), get()]).toEqual(['a 3', 'a 3'])
})

it('no more than 8 MB and what is asked for next is kept, however often it has been full', () => {
  const shared = new SharedBytes(emptyLog())
  const asked: string[] = []
  const get = (key: string) =>
    shared.get(key, () => {
      asked.push(key)
      return Buffer.alloc(4 * MB)
    })
  for (const key of ['a', 'b', 'a', 'b']) get(key)
  expect(asked).toEqual(['a', 'b'])
  get('c')
  // Now there are more than 8 MB: all are forgotten by the next question.
  get('a')
  get('a')
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
  get('b')
  get('a')
  expect(asked).toEqual(['a', 'b', 'c', 'a', 'b'])
})
