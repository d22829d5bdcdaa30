import { isActOf, lacksApproval } from '../../desk/stops.ts'
import { endDuty, type Duty } from '../../eventlog/duties/duty.ts'
import type { DecisionCause } from '../../eventlog/duties/put-to-decision.ts'
import { readLines, type ActedLine } from '../../eventlog/duties/read-lines.ts'
import { listFeedIds } from '../../eventlog/feeds/feeds.ts'
import { feedsNotAcross } from '../../eventlog/feeds/feed-sides.ts'
import { freezeKeyElsewhere } from '../../eventlog/feeds/freeze.ts'
import { readReleasedSince } from '../../eventlog/read-released-since.ts'
import type { Store } from '../../eventlog/store/store.ts'
import type { People } from '../../people/people.ts'
import { roleNow } from '../../people/role-now.ts'
import { isOfKind } from '../../protocol/lists/actions.ts'
import type { Role } from '../../protocol/lists/roles.ts'
import { stopLines, waitingLines, type IsConcerned } from './waiting-lines.ts'

/** Bounds the look at headlines that have come out before they could be stopped. */
const MOST_OUT = 500

export interface CarryOutDeps {
  readonly store: Store
  readonly people: People
  /** Asks the workers to release the headlines that have waited for the duty and are not concerned. */
  readonly ring: (feed: string) => void
}

export interface StoppedLine extends ActedLine {
  readonly feed: string
}

/**
 * Puts the headlines that wait and that the duty concerns to a decision, and then removes the duty and its marks. Any
 * process may do so at any time, also two at once, and again after a run that was interrupted: each headline is stopped
 * once. Returns the stopped headlines, and those that have come out since the duty began. A feed whose data is damaged
 * does not keep it from the other feeds. Errors: UnavailableError, and the first error of a damaged feed; the duty stays.
 */
export async function carryOut(deps: CarryOutDeps, home: string, duty: Duty): Promise<StoppedLine[]> {
  const { store } = deps
  const faults: unknown[] = []
  if (duty.why === 'key-frozen' && duty.by !== undefined) {
    await freezeKeyElsewhere(store, home, duty.by.slice('key:'.length)).catch((error: unknown) => {
      faults.push(error)
    })
  }
  const feeds = await feedsOf(store, home, duty)
  const stopped: StoppedLine[] = []
  for (const feed of feeds) {
    try {
      stopped.push(...(await stopIn(deps, feed, duty)))
      if (feed !== home) await endDuty(store, feed, duty.id)
    } catch (error) {
      faults.push(error)
    }
  }
  if (faults.length > 0) throw faults[0]
  await endDuty(store, home, duty.id)
  for (const feed of feeds) deps.ring(feed)
  return stopped
}

/** A duty on a key or person that an admin has stopped is noted at `desk` and concerns drills, too. */
function feedsOf(store: Store, home: string, { why }: Duty): Promise<string[]> | string[] {
  if (why === 'policy') return [home]
  return home === 'desk' ? listFeedIds(store) : feedsNotAcross(store, home)
}

async function stopIn({ store, people }: CarryOutDeps, feed: string, duty: Duty): Promise<StoppedLine[]> {
  const cause = causeOf(duty)
  const isConcerned = duty.alone ? byPolicy(people, feed, duty.alone) : byActor(duty, cause.cause)
  const waiting = await waitingLines(store, feed, isConcerned)
  const stopped = await stopLines(store, feed, waiting, isConcerned, { cause, act: duty.act })
  const known = new Set(stopped.map(({ id }) => id))
  const out: ActedLine[] = []
  for (const line of await readLines(store, feed, await outSince(store, feed, duty.since)))
    if (!known.has(line.id) && (await isConcerned(line))) out.push(line)
  return [...stopped, ...out].map((line) => ({ feed, ...line }))
}

function outSince(store: Store, feed: string, since: number): Promise<string[]> {
  return readReleasedSince(store, feed, since, { offset: 0, limit: MOST_OUT })
}

function causeOf({ why, by, person }: Duty): DecisionCause {
  const cause = by ?? (person === undefined ? undefined : `person:${person}`)
  return { why, ...(cause !== undefined && { cause }) }
}

function byActor(duty: Duty, cause = ''): IsConcerned {
  return ({ acts, stoppedFor }) => acts.some((act) => isActOf(act, duty, stoppedFor[cause]))
}

/** The person who released the headline last is the one whose role counts. */
function byPolicy(people: People, feed: string, levels: NonNullable<Duty['alone']>): IsConcerned {
  const roles = new Map<string, Role | undefined>()
  return async (line) => {
    const release = line.acts.findLast(({ action }) => isOfKind('releases', action))
    if (!release) return lacksApproval(line, levels, undefined)
    const { by } = release.act
    if (!roles.has(by)) roles.set(by, await roleNow(people, release.act, feed))
    return lacksApproval(line, levels, roles.get(by))
  }
}
