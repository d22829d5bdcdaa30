import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { ApiClient, Refusal } from '../platform/api-client.ts'
import type { DeskHeadline } from './headline.ts'
import type { DoneAct } from './receipts.tsx'

interface ChangeAnswer {
  readonly headline: { readonly id: string; readonly version: number; readonly status: DoneAct['status'] }
  readonly position: string | null
  readonly releaseAt?: string
}

export interface LineRecord extends DeskHeadline {
  /** The acts that the person may do now. */
  readonly allowed: readonly Action[]
}

export interface Line {
  readonly id: string | undefined
  readonly record: LineRecord | undefined
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  /** Does the act on the version that the person has seen. */
  readonly act: (action: Action, body?: object) => void
}

interface Wish {
  readonly id: string
  readonly action: Action
  readonly body: object
  readonly version: number | undefined
  readonly key: string
}

/** The selected line, and acts on it. */
export function useLine(
  api: ApiClient,
  feed: string,
  id: string | undefined,
  onDone: (act: DoneAct) => void,
): Line {
  const queries = useQueryClient()
  const [failed, setFailed] = useState<{ readonly id: string; readonly refusal: Refusal }>()
  const lost = useRef<Wish>(undefined)
  const isUnderWay = useRef(false)
  /** The headline after the person's last act, which may be read again only in a moment. */
  const done = useRef<{ readonly id: string; readonly version: number }>(undefined)
  const path = `/v1/feeds/${feed}/headlines/${id ?? ''}`
  const { data: record } = useQuery({
    queryKey: ['headline', feed, id],
    queryFn: () => api.read<LineRecord>(path),
    enabled: id !== undefined,
  })

  const { mutate, isPending } = useMutation({
    mutationFn: (wish: Wish) =>
      api.call<ChangeAnswer>(`/v1/feeds/${feed}/headlines/${wish.id}/${wish.action}`, {
        method: 'POST',
        headers: {
          'Idempotency-Key': wish.key,
          ...(wish.version !== undefined && { 'If-Match': `"${wish.version}"` }),
        },
        body: wish.body,
      }),
    onSettled: (outcome, _error, wish) => {
      isUnderWay.current = false
      void queries.invalidateQueries({ queryKey: ['headline', feed, wish.id] })
      if (outcome?.kind === 'done') {
        const { headline, position, releaseAt } = outcome.body
        done.current = headline
        const words = (wish.body as { text?: string }).text ?? record?.content?.text ?? ''
        onDone({ ...headline, text: words, position, releaseAt, at: new Date().toISOString() })
      } else if (outcome) {
        setFailed({ id: wish.id, refusal: outcome.refusal })
        // Without an answer the next try is the same wish, under the same key.
        if (outcome.refusal.status === 0 || outcome.refusal.status >= 500) lost.current = wish
      }
    },
  })

  return {
    id,
    record,
    isSending: isPending,
    refusal: failed?.id === id ? failed?.refusal : undefined,
    act(action, body = {}) {
      if (id === undefined || isUnderWay.current) return
      isUnderWay.current = true
      setFailed(undefined)
      const again = lost.current
      lost.current = undefined
      const isSame =
        again?.id === id && again.action === action && JSON.stringify(again.body) === JSON.stringify(body)
      // A hold and a withdrawal need no version: nothing may delay them.
      const seen = Math.max(record?.version ?? 0, done.current?.id === id ? done.current.version : 0)
      const version = action === 'hold' || action === 'withdraw' || seen === 0 ? undefined : seen
      mutate(isSame ? again : { id, action, body, version, key: crypto.randomUUID() })
    },
  }
}
