import { nearly } from '../../desk/duplicates.ts'
import { readHeadline } from '../../eventlog/read-headline.ts'
import { readStrip } from '../../eventlog/read-log.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { Problem } from '../../platform/problem.ts'
import type { LiveHeadline } from '../../protocol/headline.ts'

/**
 * Refuses a text that is nearly equal to that of another visible headline whose first release was at `sinceMs` or
 * later. Errors: Problem, UnavailableError.
 */
export async function refuseNearDuplicate(
  store: Store,
  { feed, id }: { readonly feed: string; readonly id: string },
  text: string,
  sinceMs: number,
): Promise<void> {
  const isNearlyEqual = nearly(text)
  const match = (await readStrip(store, feed)).find(
    (headline) =>
      headline.id !== id && Date.parse(headline.publishedAt) >= sinceMs && isNearlyEqual(headline.text),
  )
  if (match) throw duplicateProblem(match)
}

/** The problem of a text that is equal to that of the headline `id`. Errors: UnavailableError. */
export async function equalTextProblem(store: Store, feed: string, id: string): Promise<Problem> {
  const match = await readHeadline(store, feed, id)
  return duplicateProblem({ id, status: match?.status ?? 'live', text: match?.content?.text ?? '' })
}

function duplicateProblem({
  id,
  status,
  text,
}: Pick<LiveHeadline, 'id' | 'text'> & { status: string }): Problem {
  return new Problem('duplicate-headline', { extra: { match: { id, status, text } } })
}
