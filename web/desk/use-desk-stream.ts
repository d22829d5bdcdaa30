import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ApiClient } from './api-client.ts'

/** Counts of the newest release, as the gateways report them. */
export interface NewestReceipt {
  readonly position: string
  readonly written: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly cleared?: { readonly screens: number; readonly cleared: number }
  readonly gateways: readonly { readonly readers: number }[]
}

type Frame =
  | ({ readonly type: 'receipt' } & NewestReceipt)
  | { readonly type: 'overdue'; readonly overdueMs: number }
  | { readonly type: 'hello' | 'audit' | 'head' | 'bye' }

/** Acts that come together cause one reading of the lists. */
const GATHER_MS = 150
const REOPEN_MS = 3_000

export interface DeskStreamState {
  readonly isOpen: boolean
  readonly receipt: NewestReceipt | undefined
  readonly overdueMs: number
}

/** Follows the acts in a feed. Each act makes the lists be read again, so all desks show the same. */
export function useDeskStream(api: ApiClient, feed: string): DeskStreamState {
  const queries = useQueryClient()
  const [state, setState] = useState<DeskStreamState>({ isOpen: false, receipt: undefined, overdueMs: 0 })

  useEffect(() => {
    let source: EventSource | undefined
    let reopening: ReturnType<typeof setTimeout> | undefined
    let gathering: ReturnType<typeof setTimeout> | undefined

    function readAgain(): void {
      gathering ??= setTimeout(() => {
        gathering = undefined
        void queries.invalidateQueries({ queryKey: ['headlines', feed] })
        void queries.invalidateQueries({ queryKey: ['headline', feed] })
      }, GATHER_MS)
    }

    function open(): void {
      source = new EventSource(`/v1/feeds/${feed}/desk`)
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const frame = JSON.parse(data) as Frame
        if (frame.type === 'hello') setState((now) => ({ ...now, isOpen: true }))
        if (frame.type === 'hello' || frame.type === 'audit') readAgain()
        if (frame.type === 'receipt') setState((now) => ({ ...now, receipt: frame }))
        if (frame.type === 'overdue') setState((now) => ({ ...now, overdueMs: frame.overdueMs }))
      }
      source.onerror = () => {
        setState((now) => ({ ...now, isOpen: false }))
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
      clearTimeout(gathering)
    }
  }, [api, feed, queries])
  return state
}
