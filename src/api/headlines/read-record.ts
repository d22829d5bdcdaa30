import { ArchiveError } from '../../archive/archive.ts'
import { readLine } from '../../archive/reading/read-line.ts'
import type { Sources } from '../../archive/reading/sources.ts'
import { feedExists } from '../../eventlog/feeds/feeds.ts'
import type { HeadlineRecord } from '../../eventlog/read-headline.ts'
import { headlineIdSchema } from '../../protocol/headline.ts'
import { Problem } from '../../platform/problem.ts'
import type { Call } from '../http/route.ts'

/** Errors: Problem, UnavailableError, ArchiveError. */
export async function readRecord(sources: Sources, feed: string, id: string): Promise<HeadlineRecord> {
  const record = await readLine(sources, feed, id).catch(async (error: unknown) => {
    if (error instanceof ArchiveError && !(await feedExists(sources.store, feed))) return undefined
    throw error
  })
  if (record) return record
  throw new Problem((await feedExists(sources.store, feed)) ? 'no-such-headline' : 'no-such-feed')
}

/** Errors: Problem. */
export function headlineIdOf({ params }: Call<unknown>): string {
  const read = headlineIdSchema.safeParse(params.id)
  if (!read.success) throw new Problem('no-such-headline')
  return read.data
}
