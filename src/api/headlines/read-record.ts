import { feedExists } from '../../eventlog/feeds/feeds.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { readHeadline, type HeadlineRecord } from '../../eventlog/read-headline.ts'
import { headlineIdSchema } from '../../protocol/headline.ts'
import { Problem } from '../../platform/problem.ts'
import type { Call } from '../http/route.ts'

/** Errors: Problem, UnavailableError. */
export async function readRecord(store: Store, feed: string, id: string): Promise<HeadlineRecord> {
  const record = await readHeadline(store, feed, id)
  if (record) return record
  throw new Problem((await feedExists(store, feed)) ? 'no-such-headline' : 'no-such-feed')
}

/** Errors: Problem. */
export function headlineIdOf({ params }: Call<unknown>): string {
  const read = headlineIdSchema.safeParse(params.id)
  if (!read.success) throw new Problem('no-such-headline')
  return read.data
}
