import type { z } from 'zod'
import type { Wish } from '../../desk/decision.ts'
import type { HeadlineRecord } from '../../eventlog/read-headline.ts'
import type { RemovalOp } from '../../protocol/lists/ops.ts'
import { isOfKind, type Action } from '../../protocol/lists/actions.ts'
import {
  bareSchema,
  correctionSchema,
  labellingSchema,
  releasingSchema,
  removalSchema,
  restoringSchema,
  savingSchema,
  schedulingSchema,
  sendingBackSchema,
  submissionSchema,
  withdrawalSchema,
} from '../../protocol/desk-requests.ts'
import type { Content } from '../../protocol/headline.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import { Problem } from '../../platform/problem.ts'

/** The request body of an action, and the wish that it makes for the newsroom's rules. */
interface ActionRequest<Body = unknown> {
  readonly summary: string
  readonly body: z.ZodType<Body>
  readonly problems: readonly ProblemCode[]
  wish(body: Body, record: HeadlineRecord): Wish
}

const texts = ['text-too-long', 'expires-before-release', 'expires-too-late'] as const
const releases = ['two-person-required', 'second-factor-required', 'duplicate-headline', ...texts] as const
const corrections = ['second-factor-required', ...texts] as const

export const actionRequests: Readonly<Record<Action, ActionRequest>> = {
  save: request({
    summary: 'Change the words of an unreleased headline',
    body: savingSchema,
    problems: corrections,
    wish: ({ reason: _, ...patch }) => ({ action: 'save', patch }),
  }),
  submit: request({
    summary: 'Submit a draft for approval',
    body: submissionSchema,
    problems: ['embargo-in-past', 'embargoed', 'release-too-far', ...texts],
    wish: ({ releaseAt, embargoUntil }) => ({
      action: 'submit',
      ...(releaseAt !== undefined && { releaseAt: Date.parse(releaseAt) }),
      ...wishedEmbargo(embargoUntil),
    }),
  }),
  approve: bare('approve', 'Approve a headline, or the proposal on a released one', [
    'self-approval',
    'second-factor-required',
    'duplicate-headline',
    ...texts,
  ]),
  return: sendingBack('return', 'Return a headline to its author, or drop the proposal on a released one'),
  reject: sendingBack('reject', 'Reject a headline, or drop the proposal on a released one'),
  release: request({
    summary: 'Release a headline now, before its time',
    body: releasingSchema,
    problems: ['embargoed', ...releases],
    wish: ({ embargoUntil }) => ({ action: 'release', ...(embargoUntil === null && { embargoUntil }) }),
  }),
  undo: bare('undo', 'Take back a headline that waits for its time: it becomes a draft again'),
  schedule: request({
    summary: 'Release a headline at a time, or change that time',
    body: schedulingSchema,
    problems: ['embargo-in-past', 'embargoed', 'release-too-far', ...releases],
    wish: ({ releaseAt, embargoUntil }) => ({
      action: 'schedule',
      releaseAt: Date.parse(releaseAt),
      ...wishedEmbargo(embargoUntil),
    }),
  }),
  correct: request({
    summary:
      'Correct a released headline; it keeps its place. Without the role for it, the correction becomes a proposal',
    body: correctionSchema,
    problems: corrections,
    wish: ({ reason: _why, kind: _kind, cascade: _all, ...patch }) => ({ action: 'correct', patch }),
  }),
  hold: removal('hold', 'Take a line out while it is checked', removalSchema),
  resume: bare('resume', 'Show a held headline again, in its place'),
  withdraw: removal('withdraw', 'Take a line back for good', withdrawalSchema),
  expire: removal('expire', 'Take a line out because its time is over', removalSchema),
  pin: bare('pin', 'Pin a headline above the others'),
  unpin: bare('unpin', 'Unpin a headline: it returns to its place'),
  label: request({
    summary: 'Call a headline breaking for another while',
    body: labellingSchema,
    problems: [],
    wish: ({ forMs }) => ({ action: 'label', ...(forMs !== undefined && { forMs }) }),
  }),
  unlabel: bare('unlabel', 'Call a headline breaking no longer'),
  restore: request({
    summary: 'Restore the words of an earlier version, as a new version',
    body: restoringSchema,
    problems: ['no-such-version', ...corrections],
    wish: ({ version, note }, record) => ({
      action: 'restore',
      content: wordsOf(record, version),
      writers: writersOf(record, version),
      ...(note !== undefined && { note }),
    }),
  }),
  discard: bare('discard', 'Discard an unreleased headline'),
  attended: bare('attended', 'Mark a headline as checked after a change in its story'),
}

function wishedEmbargo(until: string | null | undefined): { readonly embargoUntil?: number | null } {
  if (until === undefined) return {}
  return { embargoUntil: until === null ? null : Date.parse(until) }
}

/** Ties the type of the body to its schema. */
function request<Body>(definition: ActionRequest<Body>): ActionRequest {
  return definition
}

function bare(action: BareAction, summary: string, problems: readonly ProblemCode[] = []): ActionRequest {
  return request({ summary, body: bareSchema, problems, wish: () => ({ action }) })
}
type BareAction = 'approve' | 'undo' | 'resume' | 'pin' | 'unpin' | 'unlabel' | 'discard' | 'attended'

function sendingBack(action: 'return' | 'reject', summary: string): ActionRequest {
  return request({
    summary,
    body: sendingBackSchema,
    problems: [],
    wish: ({ reason }) => ({ action, reason }),
  })
}

function removal(
  action: RemovalOp,
  summary: string,
  body: typeof removalSchema | typeof withdrawalSchema,
): ActionRequest {
  return request({
    summary,
    body,
    problems: [],
    wish: ({ note }) => ({ action, ...(note !== undefined && { note }) }),
  })
}

/** Errors: Problem. */
function wordsOf({ versions }: HeadlineRecord, version: number): Content {
  const content = versions[version - 1]?.content
  if (!content || !('text' in content)) throw new Problem('no-such-version')
  return content
}

/**
 * The authors of a version whose words no second person has approved: all authors up to it, since the versions do not
 * record each author's words. Approved words have none.
 */
function writersOf({ versions }: HeadlineRecord, version: number): string[] {
  const { action, position } = versions[version - 1] ?? {}
  if (action === 'approve' && position !== undefined) return []
  return versions
    .slice(0, version)
    .filter(({ version: its, action }) => its === 1 || isOfKind('writes', action))
    .map(({ act }) => act.person)
}
