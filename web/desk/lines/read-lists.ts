import type { QueryClient } from '@tanstack/react-query'
import type { ApiClient } from '../platform/api-client.ts'
import { forgetRecords } from './forget-records.ts'
import { listedStatuses, type DeskHeadline } from './headline.ts'
import { withLines, type Lists } from './lists.ts'
import type { LineRecord } from './use-line.ts'

interface Page {
  readonly headlines: readonly DeskHeadline[]
  readonly next?: string
}

interface Approval {
  readonly kind: string
  readonly feed?: string
  readonly id?: string
  readonly mayApprove: boolean
}

export const LINES_PER_PAGE = 100
/** Protects the page and the API from a feed with tens of thousands of drafts. */
const MOST_PAGES = 10

export const listsKey = (feed: string): readonly string[] => ['headlines', feed]

/** Reads all lists anew. A line that was read alone meanwhile is newer, and stays. Errors: RefusedError. */
export async function readLists(api: ApiClient, queries: QueryClient, feed: string): Promise<Lists> {
  const begin = performance.now()
  const [listed, marked, { approvals }] = await Promise.all([
    readPages(api, `/v1/feeds/${feed}/headlines?limit=${LINES_PER_PAGE}&status=${listedStatuses.join()}`),
    readPages(api, `/v1/feeds/${feed}/headlines?limit=${LINES_PER_PAGE}&attention=true`),
    api.read<{ approvals: readonly Approval[] }>('/v1/approvals'),
  ])
  const all = new Map([...listed.headlines, ...marked.headlines].map((line) => [line.id, line]))
  for (const { kind, feed: where, id, mayApprove } of approvals) {
    if (kind !== 'headline' || where !== feed || id === undefined) continue
    // A correction that waits for a second person belongs to a headline that is out.
    const line = all.get(id) ?? (await readLine(api, feed, id))
    all.set(id, { ...line, mayApprove })
  }
  const before = queries.getQueryData<Lists>(listsKey(feed))
  const newer = [...(before?.readAlone ?? [])].filter(([, at]) => at >= begin)
  for (const [id] of newer) {
    const line = before?.headlines.find((each) => each.id === id)
    if (line && line.version >= (all.get(id)?.version ?? 0)) all.set(id, line)
  }
  return {
    headlines: [...all.values()],
    hasMore: listed.hasMore || marked.hasMore,
    readAlone: new Map(newer),
    readAt: Date.now(),
  }
}

/** Reads these lines, and puts them into the lists in place of the older ones. Errors: RefusedError. */
export async function readLinesAgain(
  api: ApiClient,
  queries: QueryClient,
  feed: string,
  ids: readonly string[],
): Promise<void> {
  const lines = await Promise.all(
    ids.map((id) =>
      queries.query({
        queryKey: ['headline', feed, id],
        queryFn: () => api.read<LineRecord>(`/v1/feeds/${feed}/headlines/${id}`),
        staleTime: 0,
      }),
    ),
  )
  const read = lines.map((line) => ({ ...line, mayApprove: line.allowed.includes('approve') }))
  queries.setQueryData<Lists>(listsKey(feed), (now) => now && withLines(now, read, performance.now()))
  forgetRecords(queries, feed)
}

function readLine(api: ApiClient, feed: string, id: string): Promise<DeskHeadline> {
  return api.read<DeskHeadline>(`/v1/feeds/${feed}/headlines/${id}`)
}

async function readPages(api: ApiClient, path: string): Promise<Pick<Lists, 'headlines' | 'hasMore'>> {
  const headlines: DeskHeadline[] = []
  let next: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const cursor = next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`
    const read = await api.read<Page>(path + cursor)
    headlines.push(...read.headlines)
    next = read.next
    if (next === undefined) break
  }
  return { headlines, hasMore: next !== undefined }
}
