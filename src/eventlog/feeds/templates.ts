import {
  storedTemplateSchema,
  type StoredTemplate,
  type Template,
} from '../../protocol/composing-requests.ts'
import type { Act } from '../store/act.ts'
import { compareAndWrite } from '../store/compare-and-write.ts'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

/** Bounds one answer, and the list that an editor looks through. */
const MOST_TEMPLATES = 50

/** The templates of a feed by name. Damaged ones are left out, and named. Errors: UnavailableError. */
export async function readTemplates(store: Store, feed: string): Promise<StoredTemplate[]> {
  const fields = await answered(store.redis.hgetall(store.keys.feed(feed).templates))
  return Object.entries(fields)
    .flatMap(([id, json]) => parsed(store, feed, id, json) ?? [])
    .sort((a, b) => a.name.localeCompare(b.name))
}

/** A template as it is, or as it becomes. */
interface TemplateChange {
  readonly id: string
  /** The version that the editor has seen; 0 for a new template. */
  readonly seen: number
  /** null: the template goes. */
  readonly wanted: Template | null
}

/**
 * `changed`: the template has another version. `full`: the feed has as many templates as it may have. Errors:
 * UnavailableError.
 */
export async function writeTemplate(
  store: Store,
  feed: string,
  { id, seen, wanted }: TemplateChange,
  act: Act,
): Promise<StoredTemplate | 'removed' | 'changed' | 'full'> {
  const key = store.keys.feed(feed).templates
  const expected = await answered(store.redis.hget(key, id))
  const before = expected === null ? undefined : parsed(store, feed, id, expected)
  if ((before?.version ?? 0) !== seen) return 'changed'
  if (!before && (await answered(store.redis.hlen(key))) >= MOST_TEMPLATES) return 'full'
  const after = wanted && { id, version: seen + 1, ...wanted }
  const writes = [{ key, field: id, expected, value: after && JSON.stringify(after) }]
  const detail = { before: before ?? null, after }
  const outcome = await compareAndWrite(store, feed, writes, { action: 'template', act, detail })
  return outcome === 'changed' ? outcome : (after ?? 'removed')
}

function parsed({ keys, faults }: Store, feed: string, id: string, json: string): StoredTemplate | undefined {
  const name = `${keys.feed(feed).templates} ${id}`
  return faults.read(name, () => storedTemplateSchema.parse(JSON.parse(json)))
}
