import type { Snapshot } from '../../src/protocol/frames.ts'
import { parsePosition } from '../../src/protocol/position.ts'
import { accountOf, type Account } from './account.ts'
import { Cluster, type ClusterOptions } from './cluster.ts'
import { eventually } from './eventually.ts'
import { Poster } from './poster.ts'
import { EventSourceReader } from './event-source-reader.ts'
import { EventStreamReader, PollingReader, WebSocketReader, type Reader } from './readers.ts'

const SETTLE_TIMEOUT_MS = 15_000

export interface Ledger {
  readonly accounts: readonly Account[]
  /** Empty when every promise was kept. The test itself decides whether resets are allowed. */
  readonly faults: readonly string[]
  readonly snapshot: Snapshot
}

/** A cluster with readers and an editor for a fault test. */
export class Scenario {
  readonly cluster: Cluster
  /** Two readers of each kind, half of them at each gateway; a disconnected reader goes to the next gateway. */
  readonly readers: readonly Reader[]
  readonly poster: Poster

  private constructor(cluster: Cluster, crowd: number, eventSources: number) {
    const { gateways, apis } = cluster
    const reversed = gateways.toReversed()
    this.cluster = cluster
    this.poster = new Poster(apis)
    this.readers = [
      new WebSocketReader('ws 1', gateways),
      new WebSocketReader('ws 2', reversed),
      new EventStreamReader('sse 1', gateways),
      new EventStreamReader('sse 2', reversed),
      new PollingReader('poll 1', gateways),
      new PollingReader('poll 2', reversed),
      ...Array.from({ length: crowd }, (_, n) => {
        return new WebSocketReader(`crowd ${n + 1}`, n % 2 === 0 ? gateways : reversed)
      }),
      ...Array.from({ length: eventSources }, (_, n) => {
        return new EventSourceReader(`EventSource ${n + 1}`, n % 2 === 0 ? gateways : reversed)
      }),
    ]
  }

  /**
   * `crowd`: number of additional WebSocket readers. `eventSources`: number of readers that do as browsers do. Settles
   * when every reader has its first frame.
   */
  static async start({
    crowd = 0,
    eventSources = 0,
    ...options
  }: ClusterOptions & { crowd?: number; eventSources?: number } = {}): Promise<Scenario> {
    const scenario = new Scenario(await Cluster.start(options), crowd, eventSources)
    const { readers } = scenario
    await eventually('every reader has begun', 20_000, () => readers.every(({ position }) => position))
    return scenario
  }

  /** Settles when readers and gateways have all acknowledged changes. */
  async agreed(): Promise<void> {
    await agreement(this)
  }

  /**
   * Waits at most `SETTLE_TIMEOUT_MS` until readers and gateways agree, stops the readers, compares their events with
   * the acknowledged changes, and prints the figures.
   */
  async settle(title: string): Promise<Ledger> {
    const { readers, poster } = this
    await poster.stop()
    // The comparison below reports readers that do not agree.
    await agreement(this).catch(() => undefined)
    const snapshots = await Promise.all(this.cluster.gateways.map((gateway) => snapshotOf(gateway)))
    await Promise.all(readers.map((reader) => reader.stop()))

    const [snapshot = never()] = snapshots
    const accounts = readers.map((reader) => accountOf(reader, poster.acknowledged, snapshot))
    print(title, poster, accounts)
    const unequal = snapshots.some((other) => JSON.stringify(other) !== JSON.stringify(snapshot))
    const faults = [
      ...poster.refused.map((refusal) => `refused: ${refusal}`),
      ...(await this.cluster.refusals()).map((refusal) => `Redis refused ${refusal}`),
      ...(unequal ? ['the gateways show different strips'] : []),
      ...accounts.flatMap((account) => faultsOf(account)),
    ]
    return { accounts, faults, snapshot }
  }

  async close(): Promise<void> {
    this.poster.abandon()
    await Promise.all(this.readers.map((reader) => reader.stop()))
    await this.cluster.close()
  }
}

export async function snapshotOf({ url }: { readonly url: string }): Promise<Snapshot> {
  return (await (await fetch(`${url}/v1/feeds/en`)).json()) as Snapshot
}

function agreement({ cluster, readers, poster }: Scenario): Promise<true> {
  const newest = parsePosition(poster.acknowledged.findLast(({ position }) => position)?.position ?? '')
  return eventually('readers and gateways agree', SETTLE_TIMEOUT_MS, async () => {
    const snapshots = await Promise.all(cluster.gateways.map((gateway) => snapshotOf(gateway)))
    const position = snapshots[0]?.position ?? ''
    return (
      (parsePosition(position)?.seq ?? 0) >= (newest?.seq ?? 0) &&
      snapshots.every((snapshot) => snapshot.position === position && !snapshot.stale) &&
      readers.every((reader) => reader.position === position)
    )
  })
}

function faultsOf({ reader, lost, repeated, outOfOrder, faults }: Account): string[] {
  const counts = Object.entries({ lost, repeated, outOfOrder }).filter(([, count]) => count !== 0)
  // The first faults are enough to find the cause; there may be thousands.
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
  const shown = accounts.length > 12 ? [...accounts.slice(0, 6), crowdOf(accounts.slice(6))] : accounts
  const rows = [columns, ...shown.map((account) => columns.map((column) => String(account[column])))]
  const lines = rows.map((row) =>
    row.map((cell, index) => cell.padStart((columns[index]?.length ?? 0) + 2)).join(''),
  )
  process.stdout.write(
    `\n${title}: ${posted} posted, ${acknowledged.length} acknowledged, ${retries} retries\n${lines.join('\n')}\n`,
  )
}

/** One row for many readers: the worst of each figure, and the sum of their events. */
function crowdOf(accounts: readonly Account[]): Account {
  const most = (column: 'lost' | 'repeated' | 'outOfOrder' | 'resets' | 'disconnects' | 'longestGapMs') =>
    Math.max(...accounts.map((account) => account[column]))
  return {
    reader: `${accounts.length} more`,
    events: accounts.reduce((sum, { events }) => sum + events, 0),
    lost: most('lost'),
    repeated: most('repeated'),
    outOfOrder: most('outOfOrder'),
    resets: most('resets'),
    disconnects: most('disconnects'),
    longestGapMs: most('longestGapMs'),
    faults: [],
  }
}

function never(): never {
  throw new Error('a cluster has at least one gateway')
}
