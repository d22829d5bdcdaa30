import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ApiClient } from '../platform/api-client.ts'
import type { Presence } from '../../../src/protocol/presence.ts'
import type { NewestReceipt } from '../results/newest-receipt.ts'
import { pageDrawing } from '../platform/page-drawing.ts'
import { hearPresence } from './use-presence.ts'
import { ListReader, type ListReadings } from './list-reader.ts'
import type { Lists } from './lists.ts'
import { LINES_PER_PAGE, listsKey, readLinesAgain } from './read-lists.ts'

type Frame =
  | ({ readonly type: 'receipt' } & NewestReceipt)
  | { readonly type: 'overdue'; readonly overdueMs: number }
  | { readonly type: 'audit'; readonly entry: { readonly headline?: string } }
  | ({ readonly type: 'presence' } & Presence)
  | { readonly type: 'hello' | 'head' | 'bye' }

const REOPEN_MS = 3_000
/** Protects the memory of a page that is open for a shift. */
const MOST_COUNTS = 100

export interface DeskStreamState {
  readonly isOpen: boolean
  readonly receipt: NewestReceipt | undefined
  /** The counts of the newest releases, by their positions. */
  readonly counts: ReadonlyMap<string, NewestReceipt>
  readonly overdueMs: number
}

/** Follows the acts in a feed. Each act makes its line be read again, so all desks show the same. */
export function useDeskStream(api: ApiClient, feed: string): DeskStreamState {
  const queries = useQueryClient()
  const [state, setState] = useState(nothingHeard)

  useEffect(() => {
    let source: EventSource | undefined
    let reopening: ReturnType<typeof setTimeout> | undefined
    const lists = new ListReader(readingsOf(api, queries, feed))
    let newest = nothingHeard
    const draw = () => setState(newest)

    function hear(heard: DeskStreamState): void {
      newest = heard
      pageDrawing.soon(draw)
    }

    function read(headline: string | undefined): void {
      if (headline !== undefined) {
        lists.read(headline)
        return
      }
      // The act concerns no line, but perhaps the rules for all of them.
      void queries.invalidateQueries({ queryKey: ['policy', feed] })
      lists.readAll()
    }

    function open(): void {
      source = new EventSource(`/v1/feeds/${feed}/desk`)
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const frame = JSON.parse(data) as Frame
        if (frame.type === 'hello') hear({ ...newest, isOpen: true })
        if (frame.type === 'hello') lists.readAll()
        if (frame.type === 'audit') read(frame.entry.headline)
        if (frame.type === 'presence') hearPresence(queries, feed, frame)
        if (frame.type === 'receipt') hear(withReceipt(newest, frame))
        if (frame.type === 'overdue') hear({ ...newest, overdueMs: frame.overdueMs })
      }
      source.onerror = () => {
        hear({ ...newest, isOpen: false })
        if (source?.readyState !== EventSource.CLOSED) return
        // The browser gives up after a refusal: perhaps the session has ended.
        void api.call('/v1/session')
        reopening = setTimeout(open, REOPEN_MS)
      }
    }

    open()
    return () => {
      source?.close()
      clearTimeout(reopening)
      pageDrawing.forget(draw)
      lists.close()
    }
  }, [api, feed, queries])
  return state
}

const nothingHeard: DeskStreamState = {
  isOpen: false,
  receipt: undefined,
  counts: new Map(),
  overdueMs: 0,
}

/** Receipts of older releases change too, while readers acknowledge. */
function withReceipt(now: DeskStreamState, receipt: NewestReceipt): DeskStreamState {
  const counts = new Map(now.counts).set(receipt.position, receipt)
  const [oldest] = counts.keys()
  if (counts.size > MOST_COUNTS && oldest !== undefined) counts.delete(oldest)
  return { ...now, receipt, counts }
}

function readingsOf(api: ApiClient, queries: QueryClient, feed: string): ListReadings {
  return {
    pages: () =>
      Math.ceil((queries.getQueryData<Lists>(listsKey(feed))?.headlines.length ?? 0) / LINES_PER_PAGE),
    async all() {
      await queries.invalidateQueries({ queryKey: listsKey(feed) })
      await queries.invalidateQueries({ queryKey: ['headline', feed] })
    },
    lines: (ids) => readLinesAgain(api, queries, feed, ids),
  }
}
