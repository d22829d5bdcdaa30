import type { z } from 'zod'
import type { Wish } from '../../desk/decision.ts'
import type { HeadlineRecord } from '../../eventlog/read-headline.ts'
import type { Action } from '../../protocol/actions.ts'
import {
  bareSchema,
  correctionSchema,
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

/** What an action is asked with, and what it means to the newsroom's rules. */
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
    summary: 'Change the words of a line that is not out',
    body: savingSchema,
    problems: corrections,
    wish: ({ reason: _, ...patch }) => ({ action: 'save', patch }),
  }),
  submit: request({
    summary: 'Put a draft up for approval',
    body: submissionSchema,
    problems: ['embargo-in-past', 'release-too-far', ...texts],
    wish: ({ releaseAt }) => ({
      action: 'submit',
      ...(releaseAt !== undefined && { releaseAt: Date.parse(releaseAt) }),
    }),
  }),
  approve: bare('approve', 'Approve a line, or the proposal on one that is out', [
    'self-approval',
    'second-factor-required',
    'duplicate-headline',
    ...texts,
  ]),
  return: sendingBack('return', 'Send a line back to who wrote it, or drop the proposal on one that is out'),
  reject: sendingBack('reject', 'Refuse a line, or drop the proposal on one that is out'),
  release: bare('release', 'Release a line, without waiting for its time', releases),
  undo: bare('undo', 'Take a line back that waits for its time: it is a draft again'),
  schedule: request({
    summary: 'Release a line at a time, or change that time',
    body: schedulingSchema,
    problems: ['embargo-in-past', 'release-too-far', ...releases],
    wish: ({ releaseAt }) => ({ action: 'schedule', releaseAt: Date.parse(releaseAt) }),
  }),
  correct: request({
    summary: 'Correct a line; it keeps its place. Who may not do that alone proposes it',
    body: correctionSchema,
    problems: corrections,
    wish: ({ reason: _why, kind: _kind, cascade: _all, ...patch }) => ({ action: 'correct', patch }),
  }),
  hold: removal('hold', 'Take a line out while it is checked', removalSchema),
  resume: bare('resume', 'Bring a held line back, in its place'),
  withdraw: removal('withdraw', 'Take a line back for good', withdrawalSchema),
  expire: removal('expire', 'Take a line out because its time is over', removalSchema),
  pin: bare('pin', 'Put a line above the others'),
  unpin: bare('unpin', 'Put a line back in its place'),
  restore: request({
    summary: 'Bring the words of an earlier version back, as a new one',
    body: restoringSchema,
    problems: ['no-such-version', ...corrections],
    wish: ({ version, note }, record) => ({
      action: 'restore',
      content: wordsOf(record, version),
      writers: writersOf(record, version),
      ...(note !== undefined && { note }),
    }),
  }),
  discard: bare('discard', 'Throw a line away that is not out'),
  attended: bare('attended', 'Say that somebody has looked at a line whose story went on elsewhere'),
}

/** Ties the type of the body to its schema. */
function request<Body>(definition: ActionRequest<Body>): ActionRequest {
  return definition
}

function bare(action: BareAction, summary: string, problems: readonly ProblemCode[] = []): ActionRequest {
  return request({ summary, body: bareSchema, problems, wish: () => ({ action }) })
}
type BareAction = 'approve' | 'release' | 'undo' | 'resume' | 'pin' | 'unpin' | 'discard' | 'attended'

function sendingBack(action: 'return' | 'reject', summary: string): ActionRequest {
  return request({
    summary,
    body: sendingBackSchema,
    problems: [],
    wish: ({ reason }) => ({ action, reason }),
  })
}

function removal(
  action: 'hold' | 'withdraw' | 'expire',
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
 * Words that came out by an approval are passed on. Of others the versions do not tell who wrote which: all who wrote
 * until then.
 */
function writersOf({ versions }: HeadlineRecord, version: number): string[] {
  const { action, position } = versions[version - 1] ?? {}
  if (action === 'approve' && position !== undefined) return []
  return versions
    .slice(0, version)
    .filter(({ version: its, action }) => its === 1 || WRITING.includes(action))
    .map(({ act }) => act.person)
}

const WRITING: readonly Action[] = ['save', 'correct', 'restore']
