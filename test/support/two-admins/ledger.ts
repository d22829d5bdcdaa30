import { expect } from '@jest/globals'
import { readAfter } from '../../../src/eventlog/read-log.ts'
import { readPolicy } from '../../../src/eventlog/feeds/policy.ts'
import { listAccounts } from '../../../src/people/administration.ts'
import { listKeys } from '../../../src/people/api-keys.ts'
import type { FeedRoles } from '../../../src/protocol/feed-roles.ts'
import type { EventFrame } from '../../../src/protocol/frames.ts'
import { urgencies } from '../../../src/protocol/lists/urgencies.ts'
import { roles, type Role } from '../../../src/protocol/lists/roles.ts'
import type { Policy } from '../../../src/protocol/policy.ts'
import { HONEST_ADDRESS, type NewsroomOfTwo } from './newsroom-of-two.ts'
import { MARK, type Answer, type Hand } from './cheat.ts'

/** In the words of drafts that their honest author has not submitted. */
export const SECRET = 'Confidential'

/** Feeds under the two-person rule, one that does not exist yet among them; `*` is for all feeds. */
const ruledFeeds = ['two', 'later', '*']

/** The words of a headline that readers can get; times and numbers of versions are left out. */
const wordMembers = [
  'text',
  'speaker',
  'urgency',
  'section',
  'regions',
  'tags',
  'link',
  'source',
  'story',
  'lang',
] as const

/**
 * What honest people have read and approved. Nothing else of the cheat may be out, and no person or key of the cheat may
 * have more. It knows no rule of the product: it compares what is in force with what was read.
 */
export class Ledger {
  readonly #room: NewsroomOfTwo
  #words: readonly string[] = []
  #notes: readonly string[] = []
  #policies: readonly Policy[] = []
  /** By id. */
  #roles: readonly (readonly [id: string, roles: FeedRoles])[] = []
  /** How many of the roles were in force at the beginning. */
  #rolesAtFirst = 0
  /** The accounts of which the cheat has had a session. */
  #persons: readonly string[]
  #notTheirPerson: readonly string[] = []

  constructor(room: NewsroomOfTwo) {
    this.#room = room
    this.#persons = [room.cheat.id]
  }

  /** The same with all that it has now. */
  copy(): Ledger {
    const copy = new Ledger(this.#room)
    copy.#words = this.#words
    copy.#notes = this.#notes
    copy.#policies = this.#policies
    copy.#roles = this.#roles
    copy.#rolesAtFirst = this.#rolesAtFirst
    copy.#persons = this.#persons
    copy.#notTheirPerson = this.#notTheirPerson
    return copy
  }

  /** Takes what is in force now as approved. */
  async begin(): Promise<void> {
    const { people, store } = this.#room.api
    const keys = (await listKeys(people)).filter(({ waitsFor }) => waitsFor === undefined)
    for (const { id, roles: now } of [...(await listAccounts(people)), ...keys]) this.approvedRoles(id, now)
    this.#rolesAtFirst = this.#roles.length
    this.approvedPolicy((await readPolicy(store, 'two')).policy)
  }

  approvedWords(content: Readonly<Record<string, unknown>>): void {
    this.#words = [...this.#words, wordsIn(content)]
    if (typeof content.note === 'string') this.#notes = [...this.#notes, content.note]
  }

  /** The cheat has taken over the account after an honest admin has read its proposal. */
  approvedForAnotherPerson(account: string): void {
    this.#notTheirPerson = [...this.#notTheirPerson, account]
  }

  /** `id`: of the account or key, or the email of an invitation. */
  approvedRoles(id: string, given: FeedRoles): void {
    this.#roles = [...this.#roles, [id, given]]
  }

  approvedPolicy(policy: Policy): void {
    this.#policies = [...this.#policies, policy]
  }

  /** What is in force although no honest person has approved it. Empty: the rule holds. */
  async faults(): Promise<string[]> {
    return [
      ...(await this.#faultsOfLog()),
      ...(await this.#faultsOfPolicy()),
      ...(await this.#faultsOfAccounts()),
      ...(await this.#faultsOfKeys()),
      ...this.#notTheirPerson.map((id) => `account ${id} got roles for a person who has lost it`),
    ]
  }

  /** The cheat has got the session of an honest person who has a role under the rule. Look after each act. */
  async faultsOfSessions(hands: readonly Hand[]): Promise<string[]> {
    const now = hands.filter(({ kind }) => kind === 'session').map(({ id }) => id)
    const taken = now.filter((id) => !this.#persons.includes(id))
    this.#persons = now
    if (taken.length === 0 || this.#madeASecondPerson('*', 'admin') || this.#policies.some(isWithoutRule))
      return []
    const { honest, editor, freeEditor } = this.#room
    const accounts = (await listAccounts(this.#room.api.people)).filter(({ id }) => taken.includes(id))
    return accounts
      .filter(({ id }) => [honest.id, editor.id, freeEditor.id].includes(id))
      .filter((account) => ruledFeeds.some((feed) => levelIn(account.roles, feed) > roles.indexOf('reader')))
      .map(({ email, roles: given }) => `the cheat is ${email} with ${JSON.stringify(given)}`)
  }

  /** What an answer tells a hand that may not know it. */
  async faultsOfAnswer(hand: Hand, { body }: Answer): Promise<string[]> {
    const text = JSON.stringify(body)
    const role = await this.#roleOf(hand)
    return [
      ...(role < 0 && text.includes(SECRET) ? [`${hand.name} reads a draft without a role`] : []),
      ...(role < roles.indexOf('chief') && text.includes(HONEST_ADDRESS)
        ? [`${hand.name} reads an address`]
        : []),
    ]
  }

  async #faultsOfLog(): Promise<string[]> {
    const entries = await readAfter(this.#room.api.store, 'two', 0, 10_000)
    const hasSecondPerson = this.#madeASecondPerson('two', 'editor')
    return entries.flatMap(({ json }) => {
      const { op, headline } = JSON.parse(json) as EventFrame
      const note = 'note' in headline ? headline.note : undefined
      const out = headline as unknown as Readonly<Record<string, unknown>>
      return [
        ...(json.includes(SECRET) ? [`a draft is out by ${op}: ${json}`] : []),
        ...(!hasSecondPerson &&
        'text' in headline &&
        wordsIn(out).includes(MARK) &&
        !this.#words.includes(wordsIn(out))
          ? [`words are out by ${op} that nobody else has approved: ${json}`]
          : []),
        ...(!hasSecondPerson && note?.includes(MARK) && !this.#notes.includes(note)
          ? [`a note is out by ${op} that nobody else has approved: ${json}`]
          : []),
      ]
    })
  }

  /** An honest admin has given another account of the cheat a role that approves: from then on it is a second person. */
  #madeASecondPerson(feed: string, least: Role): boolean {
    return this.#roles
      .slice(this.#rolesAtFirst)
      .some(
        ([id, given]) =>
          (id.includes('@') || this.#persons.includes(id)) && levelIn(given, feed) >= roles.indexOf(least),
      )
  }

  async #faultsOfPolicy(): Promise<string[]> {
    const { policy } = await readPolicy(this.#room.api.store, 'two')
    const members = looseness(policy)
    return Object.keys(members)
      .filter((member) =>
        this.#policies.every((approved) => (members[member] ?? 0) > (looseness(approved)[member] ?? 0)),
      )
      .map((member) => `the policy is less strict: ${member}`)
  }

  async #faultsOfAccounts(): Promise<string[]> {
    const accounts = await listAccounts(this.#room.api.people)
    const honest = accounts.find(({ id }) => id === this.#room.honest.id)
    return [
      ...(honest && levelIn(honest.roles, '*') === roles.indexOf('admin') ? [] : ['the other admin is gone']),
      ...accounts.flatMap(({ id, email, roles: now }) =>
        this.#grown(`account ${email}`, now, [id, email], 0),
      ),
    ]
  }

  async #faultsOfKeys(): Promise<string[]> {
    const keys = (await listKeys(this.#room.api.people)).filter(({ waitsFor }) => waitsFor === undefined)
    return keys.flatMap(({ id, name, roles: now }) => this.#grown(`key ${name}`, now, [id], -1))
  }

  /** `alone`: the level that one admin may give alone. */
  #grown(name: string, now: FeedRoles, ids: readonly string[], alone: number): string[] {
    const known = this.#roles.filter(([id]) => ids.includes(id))
    return ruledFeeds.flatMap((feed) => {
      // An honest person has approved a policy without the two-person rule: one admin may give any role there.
      if (feed === 'two' && this.#policies.some(isWithoutRule)) return []
      const most = Math.max(alone, ...known.map(([, given]) => levelIn(given, feed)))
      return levelIn(now, feed) > most ? [`${name} has grown in ${feed}: ${JSON.stringify(now)}`] : []
    })
  }

  async #roleOf({ kind, id }: Hand): Promise<number> {
    const { people } = this.#room.api
    const all = kind === 'key' ? await listKeys(people) : await listAccounts(people)
    return levelIn(all.find((each) => each.id === id)?.roles ?? {}, 'two')
  }
}

function isWithoutRule({ alone }: Policy): boolean {
  return Object.values(alone).every((level) => level === 'reporter' || level === 'editor')
}

/** Fails with everything that the cheat has tried. */
export function expectNoFaults(faults: readonly string[], trace: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${faults.join('\n')}\nafter\n${trace.join('\n')}`)
  expect(faults).toEqual([])
}

function wordsIn(content: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(wordMembers.map((member) => content[member] ?? null))
}

function levelIn(given: FeedRoles, feed: string): number {
  const level = (role: Role | undefined) => (role === undefined ? -1 : roles.indexOf(role))
  return Math.max(level(given[feed]), level(given['*']))
}

/** A second reading of a policy: each member as a number that grows as it forbids less. */
function looseness(policy: Policy): Readonly<Record<string, number>> {
  const levels = ['nobody', 'chief', 'editor', 'reporter']
  const perUrgency = urgencies.flatMap((urgency) => [
    [`alone ${urgency}`, levels.indexOf(policy.alone[urgency])],
    [`undo ${urgency}`, -policy.undoMs[urgency]],
    [`expiry ${urgency}`, policy.expiry[urgency].maxMs],
  ])
  return {
    ...(Object.fromEntries(perUrgency) as Record<string, number>),
    length: policy.maxGraphemes,
    duplicates: -policy.duplicateWithinMs,
    pace: policy.releasesPerMinute,
    drift: policy.maxDriftMs,
    factor: policy.flashNeedsSecondFactor ? 0 : 1,
  }
}
