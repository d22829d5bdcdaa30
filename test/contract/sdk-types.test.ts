import { expect, it } from '@jest/globals'
import type { FeedTitle } from '../../src/protocol/feed.ts'
import type { EventFrame } from '../../src/protocol/frames.ts'
import { ops } from '../../src/protocol/lists/ops.ts'
import type { LiveHeadline, Tombstone } from '../../src/protocol/headline.ts'
import { urgencies } from '../../src/protocol/lists/urgencies.ts'
import { fold, stripOf } from '../../src/protocol/fold.ts'
import type * as sdk from '../../web/sdk/types.ts'
import * as sdkStrip from '../../web/sdk/strip.ts'

/** The client declares its own types, so that its package has no dependencies. Here the compiler compares both. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false
const compared: {
  headline: Same<Readonly<LiveHeadline>['text'], sdk.Headline['text']>
  tombstone: Same<Tombstone['status'], sdk.Tombstone['status']>
  urgency: Same<LiveHeadline['urgency'], sdk.Urgency>
  op: Same<EventFrame['op'], sdk.Op>
  feed: Same<FeedTitle, sdk.FeedTitle>
  fields: Same<keyof LiveHeadline, keyof sdk.Headline>
  gone: Same<keyof Tombstone, keyof sdk.Tombstone>
} = { headline: true, tombstone: true, urgency: true, op: true, feed: true, fields: true, gone: true }

const line: LiveHeadline & sdk.Headline = {
  ...{
    id: 'a',
    version: 1,
    status: 'live',
    place: 1,
    text: 'A',
    urgency: urgencies[0],
    regions: [],
    tags: [],
  },
  ...{ publishedAt: '2026-01-02T03:04:05.000Z', updatedAt: '2026-01-02T03:04:05.000Z' },
}

it.each([...ops, 'celebrate' as const])('folds %s as the server does', (op) => {
  const event = {
    type: 'event',
    position: 'aaaaaaaa:2',
    op: op as sdk.Op,
    at: line.updatedAt,
    headline: line,
  } as const
  const ours = sdkStrip.fold(sdkStrip.stripOf([line]), event)
  expect([...ours]).toEqual([...fold(stripOf([line]), event)])
  expect(compared.op).toBe(true)
})
