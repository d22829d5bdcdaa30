import { nearly } from '../../desk/duplicates.ts'
import { readHeadline } from '../../eventlog/read-headline.ts'
import { readNews, type News, type WaitingText } from '../../eventlog/read-news.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { Problem } from '../../platform/problem.ts'
import type { Status } from '../../protocol/lists/statuses.ts'

/** A headline with the same text, or nearly the same. */
export interface Match {
  readonly id: string
  readonly status: Status
  readonly text: string
}

/** A text that is compared with those of other headlines of its feed. */
export interface Compared {
  readonly feed: string
  readonly id: string
  readonly text: string
  /** Headlines whose first release was before this time are not compared. */
  readonly sinceMs: number
}

/**
 * Refuses a text that is nearly equal to that of another headline that shows or waits for its time. Returns how much
 * news had been accepted: the answer holds as long as no more is. Errors: Problem, UnavailableError.
 */
export async function refuseNearDuplicate(store: Store, compared: Compared): Promise<number> {
  const news = await readNews(store, compared.feed, ['due'])
  const match = matchIn(news, compared)
  if (match) throw duplicateProblem(match)
  return news.accepted
}

/**
 * A headline that says the same as a submitted one: it shows, waits for its time or was submitted too. The others are
 * read after the submission, so at least one of two submissions at the same time has a match. Errors: UnavailableError.
 */
export async function matchOfSubmitted(
  store: Store,
  { feed, id, sinceMs }: Omit<Compared, 'text'>,
): Promise<Match | undefined> {
  const news = await readNews(store, feed, ['due', 'pending'])
  const text = news.waiting.find((submitted) => submitted.id === id)?.text
  return text === undefined ? undefined : matchIn(news, { feed, id, text, sinceMs })
}

/**
 * A headline that says the same as a text that is not sent yet: acceptance would refuse the text for it, or it waits for
 * approval. Says nothing about what is accepted meanwhile. Errors: UnavailableError.
 */
export async function matchBeforehand(store: Store, compared: Compared): Promise<Match | undefined> {
  const match = matchIn(await readNews(store, compared.feed, ['due', 'pending']), compared)
  if (!match) return undefined
  const { id, status, text } = match
  return { id, status, text }
}

/** The problem of a text that is equal to that of the headline `id`. Errors: UnavailableError. */
export async function equalTextProblem(store: Store, feed: string, id: string): Promise<Problem> {
  const match = await readHeadline(store, feed, id)
  return duplicateProblem({ id, status: match?.status ?? 'live', text: match?.content?.text ?? '' })
}

function matchIn({ visible, waiting }: News, { id, text, sinceMs }: Compared): Match | undefined {
  const isNearlyEqual = nearly(text)
  const recent = visible.filter(({ publishedAt }) => Date.parse(publishedAt) >= sinceMs)
  const candidates: readonly WaitingText[] = [...recent, ...waiting]
  return candidates.find((other) => other.id !== id && isNearlyEqual(other.text))
}

function duplicateProblem({ id, status, text }: Match): Problem {
  return new Problem('duplicate-headline', { extra: { match: { id, status, text } } })
}
