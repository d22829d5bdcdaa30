import type { EventFrame, Page, Snapshot } from './frames.ts'
import type { LiveHeadline } from './headline.ts'
import type { Examples } from './operation.ts'

const feed = { id: 'demo', title: 'Demo', lang: 'en', dir: 'ltr' } as const
const firstReleased = '2026-11-22T19:24:08.431Z'

const line: LiveHeadline = {
  id: 'R80oiUdt_cSumQAvgK3vDg',
  version: 1,
  status: 'live',
  place: 1,
  publishedAt: firstReleased,
  updatedAt: firstReleased,
  text: 'Tarrow Bridge closed after crack is found',
  urgency: 'flash',
  section: 'city',
  regions: ['marrowick'],
  tags: [],
  expiresAt: '2026-11-23T19:24:08.428Z',
}

const published: EventFrame = {
  type: 'event',
  position: 'nwptmvve:1',
  op: 'publish',
  at: firstReleased,
  headline: line,
}

const withdrawn: EventFrame = {
  type: 'event',
  position: 'nwptmvve:3',
  op: 'withdraw',
  at: '2026-11-22T19:24:08.556Z',
  headline: {
    id: line.id,
    version: 3,
    status: 'withdrawn',
    place: 1,
    publishedAt: firstReleased,
    updatedAt: '2026-11-22T19:24:08.556Z',
    note: 'Could not be confirmed.',
  },
}

const snapshot: Snapshot = { feed, position: 'nwptmvve:1', strip: [line] }
const page: Page = { position: 'nwptmvve:1', events: [published], more: false }
const firstPage: Page = {
  position: 'nwptmvve:1',
  reset: { type: 'reset', reason: 'start', position: 'nwptmvve:1', strip: [line] },
  events: [],
  more: false,
}

export const snapshotExamples: Examples = {
  strip: { summary: 'One line shows', value: snapshot },
}

export const pageExamples: Examples = {
  events: { summary: 'What follows a position', value: page },
  reset: { summary: 'Without a position the whole strip comes first', value: firstPage },
}

/** The frames of a stream, in their order. */
export const eventExamples: Examples = {
  stream: { summary: 'A line is published, and withdrawn', value: [published, withdrawn] },
}
