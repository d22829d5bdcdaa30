import { describe, expect, it } from '@jest/globals'
import { actions, type Action } from '../../../src/protocol/lists/actions.ts'
import { decide } from '../../../src/desk/decide.ts'
import type { Wish } from '../../../src/desk/decision.ts'
import { allowedActions } from '../../../src/desk/permission.ts'
import type { DeskActor, DeskHeadline } from '../../../src/desk/desk-headline.ts'
import { contentSchema } from '../../../src/protocol/headline.ts'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'
import { policySchema, type Policy } from '../../../src/protocol/policy.ts'
import type { Role } from '../../../src/protocol/lists/roles.ts'
import { statuses, type Status } from '../../../src/protocol/lists/statuses.ts'

/**
 * The rules a second time, written independently of the code. Columns: status, action, actor (r: reporter, e: editor,
 * a: author or editor, 1: person who may publish alone, 3: editor who may publish alone, 2: editor who is not an author
 * or may publish alone), the status afterwards, the change of the due set.
 */
const oracle = `
draft          save     r draft          none
draft          submit   r pending        none
draft          release  1 due            add:publish
draft          schedule 1 due            add:publish
draft          restore  r draft          none
draft          discard  a discarded      none
pending        save     r pending        none
pending        approve  2 due            add:publish
pending        return   e returned       none
pending        reject   e rejected       none
pending        discard  a discarded      none
returned       save     r draft          none
returned       submit   r pending        none
returned       release  1 due            add:publish
returned       schedule 1 due            add:publish
returned       restore  r draft          none
returned       discard  a discarded      none
rejected       restore  r draft          none
rejected       discard  a discarded      none
discarded      restore  r draft          none
due            save     e due|pending    edit|cancel
due            correct  e due|pending    edit|cancel
due            release  3 due            edit
due            schedule 2 due            edit
due            undo     a draft          cancel
due            withdraw r withdrawn      add:withdraw
needs-decision save     r needs-decision none
needs-decision release  2 due            add:publish
needs-decision schedule 2 due            add:publish
needs-decision withdraw r withdrawn      add:withdraw
needs-decision discard  a discarded      none
live           correct  r live           add:correct|none
live           restore  r live           add:correct|none
live           hold     r held           add:hold
live           withdraw r withdrawn      add:withdraw
live           expire   e expired        add:expire
live           pin      e live           add:pin
live           label    e live           add:correct
live           unlabel  e live           add:correct
held           correct  r held           none
held           restore  r held           none
held           resume   e live           add:resume
held           withdraw r withdrawn      add:withdraw
held           expire   e expired        add:expire
expired        withdraw r withdrawn      add:withdraw
expired        restore  r draft          none
`
/** Actions that are possible besides with a headline in a special state. */
const special: Record<string, string> = {
  'proposal live': 'approve 2 live add:correct\nreturn e live none\nreject e live none',
  'proposal held': 'approve 2 held none\nreturn e held none\nreject e held none',
  'pinned live': 'unpin e live add:unpin',
  'flagged live': 'attended r live none',
  'flagged held': 'attended r held none',
  'flagged expired': 'attended r expired none',
  'flagged due': 'attended r due none',
  'flagged needs-decision': 'attended r needs-decision none',
  'released draft': 'withdraw r withdrawn add:withdraw',
  'released pending': 'withdraw r withdrawn add:withdraw',
  'released returned': 'withdraw r withdrawn add:withdraw',
  'released rejected': 'withdraw r withdrawn add:withdraw',
  'released discarded': 'withdraw r withdrawn add:withdraw',
}

interface Row {
  readonly who: string
  readonly status: string
  readonly due: string
}

const table = new Map<string, Row>()
const rowsOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split(/ +/))
for (const [from, action, who = '', status = '', due = ''] of rowsOf(oracle))
  table.set(`${from} ${action}`, { who, status, due })
for (const [state, rows] of Object.entries(special))
  for (const [action, who = '', status = '', due = ''] of rowsOf(rows))
    table.set(`${state} ${action}`, { who, status, due })

const NOW = Date.parse('2026-05-01T10:00:00Z')
const DUE_AT = NOW + 3_600_000
const order = ['reader', 'reporter', 'editor', 'chief', 'admin', 'nobody']
const rank = (role: string | undefined) => (role === undefined ? -1 : order.indexOf(role))
const editorActions = ['approve', 'return', 'reject', 'resume', 'expire', 'pin', 'unpin', 'label', 'unlabel']

/** Ann is the author; Bob has approved the headlines whose status requires an approval; Cat has no part in them. */
const AUTHOR = 'ann'
const people = [AUTHOR, 'bob', 'cat'] as const
const keys = { 'key:1': AUTHOR, 'key:2': 'cat' } as const

interface Case {
  readonly headline: DeskHeadline
  readonly state: string
  readonly action: Action
  readonly actor: DeskActor
  readonly policy: Policy
}

function expected({ headline, state, action, actor, policy }: Case): string {
  const { status, content, desk } = headline
  const row = table.get(`${state} ${status} ${action}`) ?? table.get(`${status} ${action}`)
  if (rank(actor.role) < rank(editorActions.includes(action) ? 'editor' : 'reporter')) return 'forbidden'
  const isOff =
    !row ||
    (state === 'pinned' && action === 'pin') ||
    (state === 'proposal' && action === 'unpin') ||
    (content.urgency === 'routine' && ['label', 'unlabel'].includes(action))
  if (isOff) return status === 'needs-decision' ? 'needs-decision' : 'illegal-action'
  const alone = rank(policy.alone[content.urgency]) <= rank(actor.role)
  const isEditor = rank(actor.role) >= rank('editor')
  const waitsForSecond = ['draft', 'pending', 'returned'].includes(status) || state === 'proposal'
  const isOwn = actor.person === AUTHOR && waitsForSecond
  const noFactor = content.urgency === 'flash' && policy.flashNeedsSecondFactor && !actor.secondFactor
  if (row.who === 'e' && !isEditor) return 'forbidden'
  if (row.who === 'a' && !isEditor && actor.person !== desk.createdBy) return 'forbidden'
  if (row.who === '3' && !isEditor) return 'forbidden'
  if (['1', '3'].includes(row.who) && !alone) return 'two-person-required'
  if (row.who === '2') {
    if (!isEditor) return 'forbidden'
    if (isOwn && !alone) return action === 'approve' ? 'self-approval' : 'two-person-required'
  }
  const [status1 = '', status2 = status1] = row.status.split('|')
  const [due1 = '', due2 = due1] = row.due.split('|')
  const rewrites = ['correct', 'restore'].includes(action) || (action === 'save' && status === 'due')
  const isPublic = ['due', 'live', 'held'].includes(status)
  if (rewrites && isPublic && !alone) return `${status2} ${due2}${status === 'due' ? '' : ' proposal'}`
  const goesOut = ['1', '3'].includes(row.who) || row.who === '2' || (rewrites && isPublic)
  return goesOut && noFactor ? 'second-factor-required' : `${status1} ${due1}`
}

function actual({ headline, action, actor, policy }: Case): string {
  const decided = decide(headline, wishOf(action, headline.content.urgency), actor, policy, NOW)
  if (decided.kind === 'refusal') return decided.code
  const due = decided.due.kind === 'add' ? `add:${decided.due.op}` : decided.due.kind
  return `${decided.status ?? headline.status} ${due}${decided.proposal ? ' proposal' : ''}`
}

function wishOf(action: Action, urgency: Urgency): Wish {
  switch (action) {
    case 'save':
    case 'correct':
      return { action, patch: { text: 'Other words' } }
    case 'restore':
      return { action, content: contentSchema.parse({ text: 'Words of before', urgency }), writers: [] }
    case 'schedule':
      return { action, releaseAt: DUE_AT }
    case 'return':
    case 'reject':
      return { action, reason: 'Not yet' }
    default:
      return { action }
  }
}

function* headlinesOf(urgency: Urgency): Generator<{ state: string; headline: DeskHeadline }> {
  const content = contentSchema.parse({ text: 'The words', urgency })
  for (const status of statuses) {
    const isApproved = !['draft', 'pending', 'returned', 'rejected', 'discarded'].includes(status)
    const headline: DeskHeadline = {
      version: 3,
      status,
      content,
      desk: { createdBy: AUTHOR, authors: [AUTHOR], ...(isApproved && { approvedBy: 'bob' }) },
      ...(status === 'due' && { dueAt: DUE_AT }),
    }
    yield { state: 'plain', headline }
    if (['live', 'held'].includes(status)) {
      const proposal = { content, authors: [AUTHOR], submittedBy: AUTHOR }
      yield { state: 'proposal', headline: { ...headline, desk: { ...headline.desk, proposal } } }
    }
    if (isApproved && status !== 'withdrawn')
      yield { state: 'flagged', headline: { ...headline, needsAttention: true } }
    if (status === 'live') yield { state: 'pinned', headline: { ...headline, pinned: true } }
    if (!isApproved) yield { state: 'released', headline: { ...headline, publishedAt: NOW - 60_000 } }
  }
}

function* actors(): Generator<DeskActor> {
  const roles: (Role | undefined)[] = [undefined, 'reader', 'reporter', 'editor', 'chief', 'admin']
  for (const role of roles) {
    for (const person of people)
      for (const secondFactor of [true, false]) yield { person, role, secondFactor }
    for (const person of Object.values(keys)) yield { person, role, secondFactor: true }
  }
}

function* policies(): Generator<Policy> {
  for (const level of ['reporter', 'editor', 'chief', 'nobody'])
    for (const flashNeedsSecondFactor of [true, false])
      yield policySchema.parse({
        alone: { flash: level, bulletin: level, urgent: level, routine: level },
        flashNeedsSecondFactor,
      })
}

const headlines = (['bulletin', 'flash', 'routine'] as const).flatMap((urgency) => [...headlinesOf(urgency)])
const allActors = [...actors()]
const allPolicies = [...policies()]

function* allCases(): Generator<Case> {
  for (const { state, headline } of headlines)
    for (const actor of allActors)
      for (const policy of allPolicies)
        for (const action of actions) yield { headline, state, action, actor, policy }
}

describe('the rules, for every role, status, action, actor and policy', () => {
  it('decide as the table says', () => {
    const wrong: string[] = []
    let count = 0
    for (const each of allCases()) {
      count += 1
      const [is, should] = [actual(each), expected(each)]
      if (is !== should) wrong.push(`${describeCase(each)}: ${is}, not ${should}`)
    }
    expect(wrong.slice(0, 20)).toEqual([])
    expect(count).toBeGreaterThan(100_000)
  })

  it('never let an author approve who may not publish alone', () => {
    for (const each of allCases()) {
      const { headline, actor, policy, action } = each
      if (action !== 'approve' || actor.person !== AUTHOR) continue
      if (rank(policy.alone[headline.content.urgency]) <= rank(actor.role)) continue
      expect(decide(headline, wishOf(action, headline.content.urgency), actor, policy, NOW).kind).toBe(
        'refusal',
      )
    }
  })

  it('let every reporter, editor, chief and admin hold and withdraw visible headlines, under every policy', () => {
    for (const { headline, actor, policy, action } of allCases()) {
      if (rank(actor.role) < rank('reporter') || !['hold', 'withdraw'].includes(action)) continue
      const isSeen = headline.status === 'live' || (headline.status === 'held' && action === 'withdraw')
      if (isSeen)
        expect(decide(headline, wishOf(action, headline.content.urgency), actor, policy, NOW).kind).toBe(
          'decision',
        )
    }
  })

  it('offer exactly the actions that they allow', () => {
    for (const { headline, actor, policy, action } of allCases()) {
      if (action !== 'save' || !policy.flashNeedsSecondFactor) continue
      const possible = actions.filter((each) => {
        const decided = decide(headline, wishOf(each, headline.content.urgency), actor, policy, NOW)
        // The new text may require more than the action itself: a flash needs a second factor.
        return decided.kind === 'decision' || (isRewrite(each) && decided.code === 'second-factor-required')
      })
      expect(allowedActions(headline, actor, policy)).toEqual(possible)
    }
  })
})

function isRewrite(action: Action): boolean {
  return action === 'save' || action === 'correct' || action === 'restore'
}

function describeCase({ headline, state, action, actor, policy }: Case): string {
  const { role, person, secondFactor } = actor
  const level = policy.alone[headline.content.urgency]
  const who = `${role ?? 'stranger'} ${person}${secondFactor ? '' : ' without second factor'}`
  return `${action} of a ${state} ${headline.status} ${headline.content.urgency} by ${who}, alone: ${level}`
}

it('the table knows every status and only those', () => {
  const named = new Set(rowsOf(oracle).flatMap(([from, , , to = '']) => [from ?? '', ...to.split('|')]))
  expect([...named].sort()).toEqual([...statuses].sort() satisfies Status[])
})
