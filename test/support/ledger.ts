import type { Snapshot } from '../../src/protocol/frames.ts'
import { parsePosition } from '../../src/protocol/position.ts'
import { accountOf, type Account } from './account.ts'
import type { Cluster } from './cluster.ts'
import { eventually } from './eventually.ts'
import type { Acknowledged, Poster } from './poster.ts'
import { EventStreamReader, PollingReader, WebSocketReader, type Reader } from './readers.ts'

const SETTLE_LIMIT_MS = 15_000

export interface Ledger {
  readonly accounts: readonly Account[]
  /** Empty when every promise was kept; resets are the scenario's to judge. */
  readonly faults: readonly string[]
  readonly snapshot: Snapshot
}

/** Two of each kind, half of them at either gateway; each goes on to the next gateway when it must. */
export function startReaders({ gateways }: Cluster): Reader[] {
  const others = gateways.toReversed()
  return [
    new WebSocketReader('ws 1', gateways),
    new WebSocketReader('ws 2', others),
    new EventStreamReader('sse 1', gateways),
    new EventStreamReader('sse 2', others),
    new PollingReader('poll 1', gateways),
    new PollingReader('poll 2', others),
  ]
}

/** Settles when every reader has begun. */
export async function begun(readers: readonly Reader[]): Promise<void> {
  await eventually('every reader has begun', 10_000, () => readers.every(({ position }) => position))
}

/**
 * Ends a scenario: waits until readers and gateways agree or will not any more, stops the readers, compares
 * what they got with what was acknowledged, and prints the figures.
 */
export async function settle(
  title: string,
  { cluster, readers, poster }: { cluster: Cluster; readers: readonly Reader[]; poster: Poster },
): Promise<Ledger> {
  await poster.stop()
  const snapshots = await agreement(cluster, readers, poster.acknowledged)
  await Promise.all(readers.map((reader) => reader.stop()))

  const snapshot = snapshots[0]
  if (!snapshot) throw new Error('no gateway gives a snapshot')
  const accounts = readers.map((reader) => accountOf(reader, poster.acknowledged, snapshot))
  const unequal = snapshots.filter((other) => JSON.stringify(other) !== JSON.stringify(snapshot)).length
  const faults = [
    ...poster.refused.map((refusal) => `refused: ${refusal}`),
    ...(unequal > 0 ? ['the gateways show different strips'] : []),
    ...accounts.flatMap((account) => faultsOf(account)),
  ]
  print(title, poster, accounts)
  return { accounts, faults, snapshot }
}

export async function snapshotOf({ url }: { readonly url: string }): Promise<Snapshot> {
  return (await (await fetch(`${url}/v1/feeds/en`)).json()) as Snapshot
}

async function agreement(
  { gateways }: Cluster,
  readers: readonly Reader[],
  acknowledged: readonly Acknowledged[],
): Promise<Snapshot[]> {
  const newest = parsePosition(acknowledged.findLast(({ position }) => position)?.position ?? '')
  let snapshots: Snapshot[] = []
  const agree = async () => {
    snapshots = await Promise.all(gateways.map((gateway) => snapshotOf(gateway)))
    const position = snapshots[0]?.position ?? ''
    return (
      (parsePosition(position)?.seq ?? 0) >= (newest?.seq ?? 0) &&
      snapshots.every((snapshot) => snapshot.position === position && !snapshot.stale) &&
      readers.every((reader) => reader.position === position)
    )
  }
  // Whoever has not come along by then shows in the accounts.
  await eventually('readers and gateways agree', SETTLE_LIMIT_MS, agree).catch(() => undefined)
  return snapshots
}

function faultsOf({ reader, lost, repeated, outOfOrder, faults }: Account): string[] {
  const counts = Object.entries({ lost, repeated, outOfOrder }).filter(([, count]) => count !== 0)
  // The first ones tell what happened; there may be thousands.
  return [...counts.map(([name, count]) => `${count} ${name}`), ...faults.slice(0, 5)].map(
    (fault) => `${reader}: ${fault}`,
  )
}

function print(title: string, { posted, acknowledged, retries }: Poster, accounts: readonly Account[]): void {
  const columns = [
    'reader',
    'events',
    'lost',
    'repeated',
    'outOfOrder',
    'resets',
    'disconnects',
    'longestGapMs',
  ] as const
  const rows = [columns, ...accounts.map((account) => columns.map((column) => String(account[column])))]
  const lines = rows.map((row) =>
    row.map((cell, index) => cell.padStart((columns[index]?.length ?? 0) + 2)).join(''),
  )
  process.stdout.write(
    `\n${title}: ${posted} posted, ${acknowledged.length} acknowledged, ${retries} retries\n${lines.join('\n')}\n`,
  )
}
