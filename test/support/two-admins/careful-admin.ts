import type { FeedRoles } from '../../../src/protocol/feed-roles.ts'
import type { Policy } from '../../../src/protocol/policy.ts'
import type { BrowserReply } from '../browser.ts'
import type { Aim } from './cheat-acts.ts'
import { pick, type Cheat } from './cheat.ts'
import type { Ledger } from './ledger.ts'
import type { Colleague } from './newsroom-of-two.ts'

export type WaitingKind = Aim['kind']
interface Waiting extends Aim {
  readonly feed?: string
  readonly approve: string
  readonly mayApprove: boolean
}
type Words = Readonly<Record<string, unknown>>

/** What the admin has read, with the version that the approval will name. */
interface Read {
  readonly path: string
  readonly version: number
  /** `token`: of the recovery that is approved. */
  keep(ledger: Ledger, cheat: Cheat, token: string): void
}

/** The choice of an approval that is for what was read last. */
export const NEWEST = 0

/** An admin who approves everything, but only as it was read, and perhaps much later. */
export class CarefulAdmin {
  readonly #person: Colleague
  readonly #ledger: Ledger
  readonly #cheat: Cheat
  readonly #reads: Read[] = []
  lastRead: Aim | undefined

  constructor(person: Colleague, ledger: Ledger, cheat: Cheat) {
    this.#person = person
    this.#ledger = ledger
    this.#cheat = cheat
  }

  /** Mostly one of these kinds, where one waits. */
  async read(choice: number, kinds: readonly WaitingKind[]): Promise<string> {
    const { approvals } = (await this.#get('/v1/approvals')) as { approvals?: readonly Waiting[] }
    // The other admin may have disabled this account.
    const waiting = (approvals ?? []).filter(({ mayApprove, feed }) => mayApprove && feed !== 'free')
    const liked = waiting.filter(({ kind }) => kinds.includes(kind))
    const wanted = pick(liked.length > 0 && choice % 4 > 0 ? liked : waiting, choice >> 2)
    if (!wanted) return 'nothing to read'
    const read = await this.#readOf(wanted)
    if (read) {
      this.#reads.push(read)
      this.lastRead = wanted
    }
    return `ben reads ${wanted.approve}, version ${read?.version}`
  }

  /** The newest read one is approved most often. */
  async approve(choice: number): Promise<string> {
    const read = choice % 2 === NEWEST ? this.#reads.at(-1) : pick(this.#reads, choice >> 1)
    if (!read) return 'nothing to approve'
    const { status, body } = await this.#signedIn(({ browser }) => browser.approve(read.path, read.version))
    if (status === 200) read.keep(this.#ledger, this.#cheat, body.token)
    return `ben approves ${read.path}, version ${read.version} -> ${status}`
  }

  async #readOf({ kind, id, feed, approve: path }: Waiting): Promise<Read | undefined> {
    switch (kind) {
      case 'headline': {
        const record = (await this.#get(`/v1/feeds/${feed}/headlines/${id}`)) as {
          version: number
          status: string
          content: Words
          desk: { proposal?: { content: Words } }
        }
        const { version, status, content, desk } = record
        const words = status === 'pending' ? content : (desk.proposal?.content ?? content)
        return { path: `${path}?force=true`, version, keep: (ledger) => ledger.approvedWords(words) }
      }
      case 'policy': {
        const { version, proposal } = (await this.#get(`/v1/feeds/${feed}/policy`)) as {
          version: number
          proposal?: { policy: Policy }
        }
        return proposal && { path, version, keep: (ledger) => ledger.approvedPolicy(proposal.policy) }
      }
      case 'roles': {
        const { accounts } = (await this.#get('/v1/accounts')) as {
          accounts: readonly { id: string; version: number; proposal?: { roles: FeedRoles } }[]
        }
        const account = accounts.find((each) => each.id === id)
        const given = account?.proposal?.roles
        if (!account || !given) return undefined
        const { id: owner, version } = account
        const isTaken = this.#cheat.isPerson(owner)
        return {
          path,
          version,
          keep: (ledger, cheat) => {
            ledger.approvedRoles(owner, given)
            if (!isTaken && cheat.isPerson(owner)) ledger.approvedForAnotherPerson(owner)
          },
        }
      }
      case 'recovery': {
        const { accounts } = (await this.#get('/v1/accounts')) as {
          accounts: readonly { id: string; version: number }[]
        }
        const version = accounts.find((account) => account.id === id)?.version
        if (id === undefined || version === undefined) return undefined
        return { path, version, keep: (_, cheat, token) => cheat.gets(id, token) }
      }
      case 'key': {
        const { keys } = (await this.#get('/v1/keys')) as {
          keys: readonly { id: string; version: number; roles: FeedRoles }[]
        }
        const key = keys.find((each) => each.id === id)
        return (
          key && { path, version: key.version, keep: (ledger) => ledger.approvedRoles(key.id, key.roles) }
        )
      }
      case 'invitation': {
        const { invitations } = (await this.#get('/v1/invitations')) as {
          invitations: readonly { id: string; version: number; email: string; roles: FeedRoles }[]
        }
        const invitation = invitations.find((each) => each.id === id)
        if (!invitation) return undefined
        const { version, email, roles } = invitation
        return { path, version, keep: (ledger) => ledger.approvedRoles(email, roles) }
      }
      default:
        return kind satisfies never
    }
  }

  async #get(path: string): Promise<unknown> {
    return (await this.#signedIn(({ browser }) => browser.get(path))).body
  }

  /** The cheat may end the sessions: the admin signs in again, as long as nobody has disabled the account. */
  async #signedIn(act: (person: Colleague) => Promise<BrowserReply>): Promise<BrowserReply> {
    const reply = await act(this.#person)
    return reply.status === 401 && (await this.#person.signIn()).status === 200 ? act(this.#person) : reply
  }
}
