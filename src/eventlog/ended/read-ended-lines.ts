import { answered } from '../store/scripts.ts'
import type { Store } from '../store/store.ts'
import type { StoredState } from '../read-headline.ts'
import { endedLineOf, type EndedLine, type StoredRecords } from './ended-line.ts'

const FIELDS_PER_READ = 1_000

/** Ids of headlines with a status, oldest first. Errors: UnavailableError. */
export async function readIdsByStatus(
  store: Store,
  feed: string,
  status: string,
  { offset, limit, createdBefore }: { offset: number; limit: number; createdBefore: number },
): Promise<string[]> {
  const index = store.keys.feed(feed).status(status)
  return answered(store.redis.zrangebyscore(index, '-inf', createdBefore, 'LIMIT', offset, limit))
}

/** Number of headlines with one of these statuses. Errors: UnavailableError. */
export async function countByStatus(
  store: Store,
  feed: string,
  statuses: readonly string[],
  createdBefore: number,
): Promise<number> {
  const { status } = store.keys.feed(feed)
  const counts = await Promise.all(
    statuses.map((each) => answered(store.redis.zcount(status(each), '-inf', createdBefore))),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

/**
 * Reads headlines with all their records, in few round trips. Leaves out those that have not ended, and names those that
 * cannot be read in the store's faults. Errors: UnavailableError.
 */
export async function readEndedLines(
  store: Store,
  feed: string,
  ids: readonly string[],
): Promise<EndedLine[]> {
  if (ids.length === 0) return []
  const keys = store.keys.feed(feed)
  const [states, released] = await Promise.all([
    answered(store.redis.hmget(keys.states, ...ids)),
    answered(store.redis.zmscore(keys.released, ...ids)),
  ])
  const known = ids.flatMap((id, index) => {
    const state = states[index]
    if (typeof state !== 'string') return []
    const read = store.faults.read(`${keys.states} ${id}`, () => JSON.parse(state) as StoredState)
    return read ? [{ id, state, released: released[index], fields: fieldsOf(read.version) }] : []
  })
  const names = known.flatMap(({ id, fields }) => fields.map((field) => `${id}:${field}`))
  const values = await readFields(store, keys.versions, names)
  let at = 0
  const lines = known.map(({ fields, ...line }) => {
    const own = fields.map((field) => [field, values[at++]] as const)
    return {
      ...line,
      versions: Object.fromEntries(own.flatMap(([field, value]) => (value ? [[field, value]] : []))),
    }
  })
  const receipts = await readReceiptsOf(
    store,
    feed,
    lines.map(({ versions }) => positionsOf(versions)),
  )
  return lines.flatMap(({ id, state, released: at, versions }, index) => {
    const stored: StoredRecords = {
      ...{ state, versions },
      ...(typeof at === 'string' && { released: Number(at) }),
      receipts: receipts[index] ?? {},
    }
    const line = store.faults.read(`${keys.states} ${id}`, () => ({ ended: endedLineOf(id, stored) }))
    return line?.ended ? [line.ended] : []
  })
}

/** Headlines with hundreds of versions have so many fields that one command for all would keep Redis from other work. */
async function readFields(store: Store, key: string, names: readonly string[]): Promise<(string | null)[]> {
  const values: (string | null)[] = []
  for (let at = 0; at < names.length; at += FIELDS_PER_READ)
    values.push(...(await answered(store.redis.hmget(key, ...names.slice(at, at + FIELDS_PER_READ)))))
  return values
}

function fieldsOf(version: number): string[] {
  const numbers = Array.from({ length: version }, (_, index) => index + 1)
  return ['words', ...numbers.flatMap((n) => [`${n}`, `${n}:content`, `${n}:position`, `${n}:due`])]
}

/** The positions of the events of a headline, from its fields of the versions. */
export function positionsOf(versions: Readonly<Record<string, string>>): string[] {
  return Object.entries(versions).flatMap(([field, value]) => (field.endsWith(':position') ? [value] : []))
}

async function readReceiptsOf(
  store: Store,
  feed: string,
  positions: readonly (readonly string[])[],
): Promise<StoredRecords['receipts'][]> {
  const { receipt } = store.keys.feed(feed)
  const all = positions.flat()
  if (all.length === 0) return positions.map(() => ({}))
  const pipeline = store.redis.pipeline()
  for (const position of all) pipeline.hgetall(receipt(position))
  const replies = (await answered(pipeline.exec())) ?? []
  const found = new Map(
    all.flatMap((position, index) => {
      const [error, hash] = replies[index] ?? []
      return error || Object.keys(hash as object).length === 0
        ? []
        : [[position, hash as Record<string, string>]]
    }),
  )
  return positions.map((own) =>
    Object.fromEntries(
      own.flatMap((position) => (found.has(position) ? [[position, found.get(position) ?? {}]] : [])),
    ),
  )
}
