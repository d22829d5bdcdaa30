import { expect, it } from '@jest/globals'
import { problemBody } from '../../src/protocol/problems.ts'
import { ContractChecker } from '../support/contract/contract-checker.ts'
import type { Exchange } from '../support/contract/exchange.ts'

const checker = new ContractChecker()
const position = 'nwptmvve:1'

const page: Exchange = {
  method: 'GET',
  target: `/v1/feeds/en/events?after=${position}&limit=2`,
  requestHeaders: {},
  status: 200,
  headers: new Map([
    ['content-type', 'application/json; charset=utf-8'],
    ['cache-control', 'no-store'],
    ['vary', 'Origin, Accept'],
  ]),
  body: JSON.stringify({ position, events: [], more: false }),
}

function refused(code: 'feed-loading' | 'key-frozen'): Exchange {
  const { status, body } = problemBody(code)
  const headers = new Map([
    ['content-type', 'application/problem+json'],
    ['cache-control', 'no-store'],
    ['retry-after', '1'],
  ])
  return { ...page, status, headers, body: JSON.stringify(body) }
}

/** The checks of every test's answers: what they find, and what they let pass. */
it.each<[string, Exchange, string | undefined]>([
  ['a page', page, undefined],
  ['a refusal that is described', refused('feed-loading'), undefined],
  ['an address that no route has', { ...page, target: '/v1/nothing' }, 'no operation is described there'],
  ['a method', { ...page, method: 'PUT' }, 'no operation is described there'],
  ['a parameter', { ...page, target: `${page.target}&colour=red` }, 'the parameter colour is not described'],
  ['a value', { ...page, target: '/v1/feeds/en/events?limit=900' }, 'the parameter limit=900 was taken'],
  ['a status', { ...page, status: 201 }, 'getEvents has no status 201'],
  ['a header', { ...page, headers: new Map([...page.headers, ['x-new', '1']]) }, 'the header x-new is not'],
  [
    'a header too few',
    { ...page, headers: new Map([['content-type', 'application/json']]) },
    'cache-control',
  ],
  ['a content type', { ...page, headers: new Map([['content-type', 'text/plain']]) }, 'the content type'],
  ['a member', { ...page, body: '{"position":"nwptmvve:1","events":[],"more":false,"x":1}' }, '"x"'],
  ['a member too few', { ...page, body: '{"position":"nwptmvve:1","events":[]}' }, 'more'],
  ['a code', { ...refused('key-frozen'), target: '/v1/feeds/en' }, 'allowed values'],
])('says of %s what the description does not have', (_, exchange, fault) => {
  const faults = checker.faults(exchange).join('\n')
  if (fault === undefined) expect(faults).toBe('')
  else expect(faults).toContain(fault)
})

it('says of a frame or message what the description of its channel does not have', () => {
  const bye = { type: 'bye', reason: 'draining', retryAfterMs: 1 }
  const [bored, more] = [
    { ...bye, reason: 'bored' },
    { ...bye, more: 1 },
  ]
  expect(checker.messageFaults('followLive', bye)).toEqual([])
  expect(checker.messageFaults('getEvents', bored).join()).toContain('/reason')
  expect(checker.messageFaults('getEvents', more).join()).toContain('"more"')
  expect(checker.messageFaults('followLive', { type: 'weather' })).toEqual([
    'followLive has sent {"type":"weather"}: the channel has no message weather',
  ])
  expect(checker.messageFaults('deliverWebhook', bye)).toHaveLength(1)
})
