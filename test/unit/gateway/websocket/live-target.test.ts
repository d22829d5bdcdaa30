import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { liveTarget } from '../../../../src/gateway/websocket/live-target.ts'

it.each([
  ['/v1/feeds/en/live', 'en', ''],
  ['/v1/feeds/en/live?', 'en', ''],
  ['/v1/feeds/sport-24/live?after=abcdefgh%3A1', 'sport-24', 'after=abcdefgh%3A1'],
  ['/v1/feeds/en/live?a=?b', 'en', 'a=%3Fb'],
])('%s is the live address of %s', (target, feed, query) => {
  const live = liveTarget(target)
  expect([live?.feed, live?.query.toString()]).toEqual([feed, query])
})

it.each([
  '',
  '*',
  '/',
  '//',
  '//v1/feeds/en/live',
  '/v1/feeds/en',
  '/v1/feeds/en/live/',
  '/v1/feeds/en/live/x',
  '/v1/feeds//live',
  '/v1/feeds/EN/live',
  '/v1/feeds/e%6e/live',
  '/v1/feeds/../live',
  '/v1/feeds/en/live#x',
  '/v1/feeds/en/live\n',
  'http://x/v1/feeds/en/live',
  '/?/v1/feeds/en/live',
  `/v1/feeds/${'a'.repeat(33)}/live`,
])('%j is not a live address', (target) => {
  expect(liveTarget(target)).toBeUndefined()
})

it('never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (rest) => {
      liveTarget(rest)
      liveTarget(`/v1/feeds/en/live?${rest}`)
      liveTarget(`/v1/feeds/${rest}/live`)
    }),
  )
})
