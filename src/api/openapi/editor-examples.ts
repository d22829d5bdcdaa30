import type { z } from 'zod'
import type { correctionSchema, newHeadlineSchema, withdrawalSchema } from '../../protocol/desk-requests.ts'
import type { Examples } from '../../protocol/operation.ts'
import type { ChangeAnswer } from '../headlines/change-answer.ts'

interface OperationExamples {
  readonly body?: Examples
  /** By status. */
  readonly answers?: Readonly<Record<number, Examples>>
}

const id = 'R80oiUdt_cSumQAvgK3vDg'
const later = '2026-11-22T20:31:56.000Z'

const line: z.input<typeof newHeadlineSchema> = {
  text: 'Tarrow Bridge closed after crack is found',
  urgency: 'flash',
  section: 'city',
  regions: ['marrowick'],
}
const correction: z.input<typeof correctionSchema> = {
  text: 'Tarrow Bridge closed after cracks are found',
  note: 'An earlier version said one crack.',
}
const withdrawal: z.input<typeof withdrawalSchema> = {
  note: 'Could not be confirmed.',
  reason: 'Source retracted',
}

const posted: ChangeAnswer = {
  headline: { id, version: 1, status: 'live' },
  position: 'nwptmvve:1',
  durability: 'always',
  replication: 'none',
}
const waiting: ChangeAnswer = {
  headline: { id, version: 1, status: 'due' },
  position: null,
  durability: 'always',
  replication: 'none',
  releaseAt: later,
}
const corrected: ChangeAnswer = {
  headline: { id, version: 2, status: 'live' },
  position: 'nwptmvve:2',
  durability: 'always',
  replication: 'none',
}
const proposed: ChangeAnswer = {
  headline: { id, version: 2, status: 'live' },
  position: null,
  durability: 'always',
  replication: 'none',
  proposal: true,
}
const withdrawn: ChangeAnswer = {
  headline: { id, version: 3, status: 'withdrawn' },
  position: 'nwptmvve:3',
  durability: 'always',
  replication: 'none',
}

/** By `operationId`. */
export const editorExamples: Readonly<Record<string, OperationExamples>> = {
  postHeadline: {
    body: {
      now: { summary: 'A line for now', value: line },
      later: { summary: 'A line for later', value: { text: 'Tarrow Bridge opens', releaseAt: later } },
      approval: { summary: 'For approval by a second person', value: { ...line, then: 'submit' } },
    },
    answers: {
      201: { released: { summary: 'It is out', value: posted } },
      202: { waits: { summary: 'It waits for its time', value: waiting } },
    },
  },
  correctHeadline: {
    body: { correction: { summary: 'A correction that says what was wrong', value: correction } },
    answers: {
      200: { released: { summary: 'It is out', value: corrected } },
      202: { proposal: { summary: 'It waits for a second person', value: proposed } },
    },
  },
  withdrawHeadline: {
    body: { withdrawal: { summary: 'A word for the readers, and one for the newsroom', value: withdrawal } },
    answers: { 200: { released: { summary: 'It is gone', value: withdrawn } } },
  },
}
