import { nearly } from '../../desk/duplicates.ts'
import { readStrip } from '../../eventlog/read-log.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'

/** Refuses a text that a line says nearly which shows and was released within the time. Errors: Problem. */
export async function refuseDuplicate(
  { store }: ApiDeps,
  { feed, id }: { readonly feed: string; readonly id: string },
  text: string,
  withinMs: number,
): Promise<void> {
  if (withinMs === 0) return
  const since = (await readTime(store)) - withinMs
  const isNearlySame = nearly(text)
  const match = (await readStrip(store, feed)).find(
    (line) => line.id !== id && Date.parse(line.publishedAt) >= since && isNearlySame(line.text),
  )
  if (match) throw duplicateProblem(match)
}

export function duplicateProblem({
  id,
  status,
  text,
}: Pick<LiveHeadline, 'id' | 'text'> & { status: string }) {
  return new Problem('duplicate-headline', { extra: { match: { id, status, text } } })
}
