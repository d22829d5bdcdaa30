import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { actions, type Action } from '../../src/protocol/lists/actions.ts'
import { decide, decideNew } from '../../src/desk/decide.ts'
import type { Decision, Wish } from '../../src/desk/decision.ts'
import { mayPublishAlone } from '../../src/desk/policy.ts'
import { allowedActions } from '../../src/desk/permission.ts'
import type { DeskActor, DeskHeadline } from '../../src/desk/desk-headline.ts'
import { contentSchema, type Content } from '../../src/protocol/headline.ts'
import { urgencies, type Urgency } from '../../src/protocol/lists/urgencies.ts'
import { policySchema, type Policy } from '../../src/protocol/policy.ts'
import type { Role } from '../../src/protocol/lists/roles.ts'

/** All accounts and keys. A key acts for its owner, with a role of its own. */
const credentials: Readonly<Record<string, { person: string; role: Role }>> = {
  'user:ann': { person: 'ann', role: 'reporter' },
  'user:bob': { person: 'bob', role: 'editor' },
  'user:cat': { person: 'cat', role: 'editor' },
  'user:dan': { person: 'dan', role: 'chief' },
  'user:eve': { person: 'eve', role: 'admin' },
  'key:of-bob': { person: 'bob', role: 'editor' },
  'key:of-bob-for-drafts': { person: 'bob', role: 'reporter' },
  'key:of-eve': { person: 'eve', role: 'admin' },
}

interface Act {
  /** Selects an allowed action, or else an action that may be refused. */
  readonly pick: number
  readonly action: Action
  readonly credential: string
  readonly urgency: Urgency | undefined
  readonly version: number
  readonly afterMs: number
}

const act: fc.Arbitrary<Act> = fc.record({
  pick: fc.nat(60),
  action: fc.constantFrom(...actions),
  credential: fc.constantFrom(...Object.keys(credentials)),
  urgency: fc.option(fc.constantFrom(...urgencies), { nil: undefined }),
  version: fc.nat(20),
  afterMs: fc.constantFrom(0, 0, 100, 1_000, 60_000),
})
const level = fc.constantFrom('reporter', 'editor', 'chief', 'nobody')
const policies = fc
  .record({ flash: level, bulletin: level, urgent: level, routine: level })
  .map((alone) => policySchema.parse({ alone, flashNeedsSecondFactor: false }))

/**
 * The oracle, independent of the rules: which person wrote which text over which older text, and which person approved
 * it. Texts are numbers; each edit makes a new one.
 */
class Ledger {
  readonly #written: { text: string; by: string; on: string | undefined; isRestored: boolean }[] = []
  #passed: { text: string; by: string }[] = []

  write(by: string, on: string | undefined, isRestored = false): string {
    const text = String(this.#written.length + 1)
    this.#written.push({ text, by, on, isRestored })
    return text
  }

  pass(text: string, by: string): void {
    this.#passed.push({ text, by })
  }

  /** An undo removes the last approval. */
  takeBack(text: string): void {
    const last = this.#passed.findLastIndex((each) => this.#lineage(each.text).includes(text))
    this.#passed = this.#passed.filter((_, index) => index !== last)
  }

  /**
   * Edits in this text that only their author has approved. The approval of a text that replaced an edit does not count
   * for the edit when it is brought back.
   */
  unseen(text: string): string[] {
    const lineage = this.#lineage(text)
    const restored = lineage.findIndex((part) => this.#written[Number(part) - 1]?.isRestored)
    return lineage.filter((part, at) => {
      const wanted = restored >= 0 && at > restored ? [lineage[restored], lineage[restored + 1]] : [part]
      const author = this.#written[Number(part) - 1]?.by
      return !this.#passed.some(
        ({ text: whole, by }) =>
          by !== author && (whole === wanted[1] || this.#lineage(whole).includes(wanted[0] ?? '')),
      )
    })
  }

  writersOf(text: string): string[] {
    return this.#lineage(text).map((part) => this.#written[Number(part) - 1]?.by ?? '')
  }

  #lineage(text: string | undefined): string[] {
    const written = text === undefined ? undefined : this.#written[Number(text) - 1]
    return written ? [written.text, ...this.#lineage(written.on)] : []
  }
}

/** One headline and its desk state, without the log and with a simulated clock. */
class Desk {
  readonly ledger = new Ledger()
  readonly released: Content[] = []
  /** The texts of all versions, released or not; each of them can be brought back. */
  readonly #saved: Content[] = []
  #now = Date.parse('2026-05-01T10:00:00Z')
  #headline: DeskHeadline
  readonly #policy: Policy

  constructor(policy: Policy, first: { credential: string; urgency: Urgency; then: 'keep' | 'submit' }) {
    this.#policy = policy
    const actor = actorOf(first.credential)
    const content = contentSchema.parse({
      text: this.ledger.write(actor.person, undefined),
      urgency: first.urgency,
    })
    const decided = decideNew({ content, then: first.then }, actor, policy, this.#now)
    if (decided.kind === 'refusal') throw new Error(decided.code)
    this.#headline = {
      version: 1,
      status: decided.status ?? 'draft',
      content,
      desk: decided.desk ?? { createdBy: actor.person, authors: [] },
    }
  }

  perform({ pick, action: any, credential, urgency, version, afterMs }: Act): void {
    this.#wait(afterMs)
    const before = this.#headline
    const actor = actorOf(credential)
    const allowed = allowedActions(before, actor, this.#policy)
    const action = (pick < 50 ? allowed[pick % Math.max(1, allowed.length)] : undefined) ?? any
    const wish = this.#wishOf(action, urgency, version)
    const decided = decide(before, wish, actor, this.#policy, this.#now)
    if (decided.kind === 'refusal') return
    this.#record(before, decided, wish, actor)
    this.#apply(decided)
    this.#check(before, decided, actor)
  }

  /** Adds an edit by this person to the oracle, over the text that the rules let the person change. */
  #record(before: DeskHeadline, decided: Decision, wish: Wish, { person }: DeskActor): void {
    const isEdit = ['save', 'correct', 'restore'].includes(wish.action)
    if (!isEdit) return
    const on = wish.action === 'restore' ? wish.content.text : before.content.text
    const text = this.ledger.write(person, on, wish.action === 'restore')
    const written = decided.proposal ? decided.desk?.proposal?.content : decided.content
    if (!written || !('text' in written)) throw new Error(`${wish.action} without a text`)
    Object.assign(written, { text })
  }

  #check(before: DeskHeadline, decided: Decision, { person, role }: DeskActor): void {
    const { content } = this.#headline
    const { action } = decided
    if (action === 'undo') this.ledger.takeBack(content.text)
    const goesOut =
      (decided.due.kind === 'add' && ['publish', 'correct'].includes(decided.due.op)) ||
      decided.due.kind === 'edit' ||
      (this.#headline.status === 'held' && content.text !== before.content.text)
    if (!goesOut) return
    const alone = [before, this.#headline].every(({ content: { urgency } }) =>
      mayPublishAlone(this.#policy, urgency, role),
    )
    this.ledger.pass(content.text, person)
    this.released.push(content)
    if (!alone) expect(this.ledger.unseen(content.text)).toEqual([])
  }

  #apply({ status, content, desk, pinned, due }: Decision): void {
    const { dueAt: waited, ...headline } = this.#headline
    const isNowDue = (status ?? headline.status) === 'due'
    const dueAt = 'dueAt' in due ? due.dueAt : due.kind === 'add' ? this.#now : waited
    if (content && 'text' in content) this.#saved.push(content)
    this.#headline = {
      ...headline,
      version: headline.version + 1,
      ...(status && { status }),
      ...(content && 'text' in content && { content }),
      ...(desk && { desk }),
      ...(pinned !== undefined && { pinned }),
      ...(isNowDue && dueAt !== undefined && { dueAt }),
    }
  }

  /** Releases a due headline, or marks it as needs-decision when it is too late. */
  #wait(afterMs: number): void {
    this.#now += afterMs
    const { dueAt, ...headline } = this.#headline
    if (headline.status !== 'due' || dueAt === undefined || dueAt > this.#now) return
    this.#headline =
      this.#now - dueAt > 50_000
        ? { ...headline, status: 'needs-decision' }
        : { ...headline, status: 'live', publishedAt: this.#now }
  }

  #wishOf(action: Action, urgency: Urgency | undefined, version: number): Wish {
    switch (action) {
      case 'save':
      case 'correct':
        return { action, patch: { text: 'written', ...(urgency && { urgency }) } }
      case 'restore': {
        const content = this.#saved[version % Math.max(1, this.#saved.length)] ?? this.#headline.content
        return { action, content, writers: this.ledger.writersOf(content.text) }
      }
      case 'schedule':
        return { action, releaseAt: this.#now + 5_000 }
      case 'return':
      case 'reject':
        return { action, reason: 'Not yet' }
      default:
        return { action }
    }
  }
}

function actorOf(credential: string): DeskActor {
  const { person, role } = credentials[credential] ?? { person: 'nobody', role: 'reader' }
  return { person, role, secondFactor: true }
}

describe('the two-person rule', () => {
  it('releases no edit that only its author has approved, for any acts of several people and keys', () => {
    let released = 0
    fc.assert(
      fc.property(
        policies,
        fc.record({
          credential: fc.constantFrom(...Object.keys(credentials)),
          urgency: fc.constantFrom(...urgencies),
          then: fc.constantFrom('keep', 'submit'),
        }),
        fc.array(act, { minLength: 10, maxLength: 60 }),
        (policy, first, acts) => {
          const desk = new Desk(policy, first)
          for (const each of acts) desk.perform(each)
          released += desk.released.length
        },
      ),
      { numRuns: 10_000 },
    )
    expect(released).toBeGreaterThan(10_000)
  })
})
