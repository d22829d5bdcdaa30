import { expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { needOf, type Need } from '../../src/desk/actions.ts'
import { decide } from '../../src/desk/decide.ts'
import type { Decision, Refusal, Wish } from '../../src/desk/decision.ts'
import { permissionFault } from '../../src/desk/permission.ts'
import type { DeskHeadline } from '../../src/desk/desk-headline.ts'
import { actions, type Action } from '../../src/protocol/lists/actions.ts'
import type { Content } from '../../src/protocol/headline.ts'
import { policySchema } from '../../src/protocol/policy.ts'
import { statuses, type Status } from '../../src/protocol/lists/statuses.ts'
import { tableUnder, type Row } from '../support/markdown-table.ts'

/** The tables of docs/editors.md show the decisions of src/desk. */
const guide = () => readFile(new URL('../../docs/editors.md', import.meta.url), 'utf8')

const letters: Readonly<Record<Need, string>> = {
  reporter: 'R',
  editor: 'E',
  author: 'A',
  alone: 'P',
  'editor-alone': 'EP',
  second: 'S',
}

const now = Date.parse('2026-01-02T03:04:05.000Z')
const content: Content = { text: 'A', urgency: 'bulletin', regions: [], tags: [] }
const usual = policySchema.parse({})
const nobodyAlone = policySchema.parse({
  alone: { flash: 'nobody', bulletin: 'nobody', urgent: 'nobody', routine: 'nobody' },
})

it('shows for every act and status the required role, and whether there are further conditions', async () => {
  const table = tableUnder(await guide(), '### Who may do which act')
  const shown = table.map((row) => [row.act, ...statuses.map((status) => row[status])])
  expect(shown).toEqual(
    actions.map((action) => [action, ...statuses.map((status) => cellOf(action, status))]),
  )
})

it('shows for every act and status the new status and the event, with and without the right to publish alone', async () => {
  const shown = tableUnder(await guide(), '### What an act does').flatMap(outcomesIn)
  const decided = actions.flatMap((action) =>
    statuses
      .filter((status) => needOf(action, status) !== undefined)
      .map((status) => outcomeOf(action, status)),
  )
  expect(byAction(shown)).toEqual(byAction(decided))
})

function cellOf(action: Action, status: Status): string {
  const need = needOf(action, status)
  if (need === undefined) return '–'
  return letters[need] + (headlinesOf(status).every((headline) => isPossible(action, headline)) ? '' : '*')
}

interface Outcome {
  readonly action: string
  readonly status: string
  readonly next: string
  readonly event: string
  readonly notAlone: string
}

/** A row is about several statuses. */
function outcomesIn(row: Row): Outcome[] {
  return (row['in status'] ?? '').split(', ').map((status) => ({
    action: row.act ?? '',
    status,
    next: row['new status'] ?? '',
    event: row['event for readers']?.split(' ')[0] ?? '',
    notAlone: row['not allowed to publish alone'] ?? '',
  }))
}

function outcomeOf(action: Action, status: Status): Outcome {
  const alone = decided(action, status, false)
  const other = decided(action, status, true)
  if (alone.kind === 'refusal') throw new Error(`${action} of ${status} is refused: ${alone.code}`)
  const shownAs = (decision: Decision) => ({
    next: decision.status === undefined || decision.status === status ? 'unchanged' : decision.status,
    event: decision.due.kind === 'add' ? decision.due.op : 'none',
  })
  return { action, status, ...shownAs(alone), notAlone: differenceOf(alone, other) }
}

function differenceOf(alone: Decision, other: Decision | Refusal): string {
  if (other.kind === 'refusal') return `refused: ${other.code}`
  if (other.proposal) return 'a proposal'
  return other.status === alone.status && other.due.kind === alone.due.kind
    ? 'the same'
    : (other.status ?? 'unchanged')
}

/** An act by an editor who wrote the headline; with `notAlone` a second person is always required. */
function decided(action: Action, status: Status, notAlone: boolean): Decision | Refusal {
  const headline = headlinesOf(status).find((each) => isPossible(action, each))
  if (!headline) throw new Error(`${action} is possible nowhere in ${status}`)
  const actor = { person: 'author', role: 'editor', secondFactor: true } as const
  return decide(headline, wishOf(action), actor, notAlone ? nobodyAlone : usual, now)
}

function isPossible(action: Action, headline: DeskHeadline): boolean {
  const chief = { person: 'other', role: 'chief', secondFactor: true } as const
  return permissionFault(action, headline, chief, usual) === undefined
}

/** All conditions of an act other than the status. */
function headlinesOf(status: Status): DeskHeadline[] {
  const either = [false, true]
  return either.flatMap((proposed) =>
    either.flatMap((published) =>
      either.flatMap((pinned) =>
        either.flatMap((needsAttention) =>
          either.map((isRoutine) => ({
            version: 1,
            status,
            content: isRoutine ? { ...content, urgency: 'routine' as const } : content,
            dueAt: now + 5_000,
            desk: {
              createdBy: 'author',
              authors: ['author'],
              ...(proposed && {
                proposal: {
                  content: { ...content, text: 'B' },
                  authors: ['author'],
                  submittedBy: 'author',
                },
              }),
            },
            ...(published && { publishedAt: now - 1_000 }),
            pinned,
            needsAttention,
          })),
        ),
      ),
    ),
  )
}

function wishOf(action: Action): Wish {
  switch (action) {
    case 'save':
    case 'correct':
      return { action, patch: { text: 'C' } }
    case 'restore':
      return { action, content: { ...content, text: 'D' }, writers: [] }
    case 'schedule':
      return { action, releaseAt: now + 60_000 }
    case 'return':
    case 'reject':
      return { action, reason: 'not yet' }
    default:
      return { action }
  }
}

function byAction(outcomes: readonly Outcome[]): Outcome[] {
  const place = ({ action, status }: Outcome) =>
    actions.findIndex((each) => each === action) * 100 + statuses.findIndex((each) => each === status)
  return [...outcomes].sort((a, b) => place(a) - place(b))
}
