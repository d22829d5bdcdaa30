import { reopened } from '../../desk/two-person.ts'
import { putToDecision, type DecisionCause } from '../../eventlog/duties/put-to-decision.ts'
import { readLines, readWaitingIds, type ActedLine } from '../../eventlog/duties/read-lines.ts'
import type { Act } from '../../eventlog/store/act.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { UnavailableError } from '../../platform/errors.ts'

/** Bounds one read of Redis and one run of its script. */
const AT_ONCE = 100
/** Each is lost against another act on the same headline. */
const MOST_TRIES = 8

export type IsConcerned = (line: ActedLine) => boolean | Promise<boolean>

/** The concerned headlines that wait for their time, oldest first, at most `most`. Errors: UnavailableError. */
export async function waitingLines(
  store: Store,
  feed: string,
  isConcerned: IsConcerned,
  most = Infinity,
): Promise<ActedLine[]> {
  const found: ActedLine[] = []
  const ids = await readWaitingIds(store, feed)
  for (let at = 0; at < ids.length && found.length < most; at += AT_ONCE) {
    found.push(...(await concernedOf(store, feed, ids.slice(at, at + AT_ONCE), isConcerned)))
  }
  return found.slice(0, most)
}

async function concernedOf(
  store: Store,
  feed: string,
  ids: readonly string[],
  isConcerned: IsConcerned,
): Promise<ActedLine[]> {
  const concerned: ActedLine[] = []
  for (const line of await readLines(store, feed, ids))
    if (line.status === 'due' && (await isConcerned(line))) concerned.push(line)
  return concerned
}

/**
 * Puts headlines that wait to a decision. An approval is taken back, so that the decision needs a second person where
 * the release has needed one. Returns the headlines as they are now: one that was released or changed meanwhile is not
 * `needs-decision`. Errors: UnavailableError.
 */
export async function stopLines(
  store: Store,
  feed: string,
  lines: readonly ActedLine[],
  isConcerned: IsConcerned,
  { cause, act }: { readonly cause: DecisionCause; readonly act: Act },
): Promise<ActedLine[]> {
  const stopped: ActedLine[] = []
  for (let at = 0; at < lines.length; at += AT_ONCE) {
    let batch: readonly ActedLine[] = lines.slice(at, at + AT_ONCE)
    for (let tries = 0; batch.length > 0; tries++) {
      if (tries === MOST_TRIES) throw new UnavailableError('other acts kept changing the same headlines')
      const wanted = batch.map(({ id, version, desk }) => ({ id, version, desk: reopened(desk) }))
      const outcomes = await putToDecision(store, feed, wanted, cause, act)
      const changed = batch.filter((_, index) => outcomes[index] === 'changed').map(({ id }) => id)
      batch = await concernedOf(store, feed, changed, isConcerned)
    }
    stopped.push(...(await asTheyAreNow(store, feed, lines.slice(at, at + AT_ONCE))))
  }
  return stopped
}

/** With the time at which each headline would have come out. */
async function asTheyAreNow(store: Store, feed: string, lines: readonly ActedLine[]): Promise<ActedLine[]> {
  const planned = new Map(lines.map(({ id, releaseAt }) => [id, releaseAt]))
  const now = await readLines(store, feed, [...planned.keys()])
  return now.map((line) => {
    const releaseAt = line.releaseAt ?? planned.get(line.id)
    return { ...line, ...(releaseAt !== undefined && { releaseAt }) }
  })
}
