import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { ApiClient } from '../platform/api-client.ts'
import {
  keepFailures,
  keptFailures,
  withFailure,
  withoutFailure,
  type FailedAct,
  type Wish,
} from '../results/failed-acts.ts'
import type { DeskHeadline } from './headline.ts'
import { needsNoVersion } from './line-act.ts'
import type { DoneAct, Sibling } from '../results/done-act.ts'

interface ChangeAnswer {
  readonly headline: { readonly id: string; readonly version: number; readonly status: DoneAct['status'] }
  readonly position: string | null
  readonly releaseAt?: string
  readonly siblings?: readonly Sibling[]
}

export interface Acts {
  readonly failed: readonly FailedAct[]
  /** The id of the line whose act is under way. */
  readonly sending: string | undefined
  /** Does the act on the version that the person has seen. */
  readonly act: (
    line: Pick<DeskHeadline, 'id' | 'version' | 'content'>,
    action: Action,
    body?: object,
  ) => void
  /** `force`: releases the line although another one has the same text. */
  readonly retry: (failed: FailedAct, options?: { readonly force?: boolean }) => void
  readonly dismiss: (failed: FailedAct) => void
}

/** Protects the memory of a page that is open for a shift. */
const MOST_DONE = 50

export interface ActsOptions {
  readonly feed: string
  readonly person: string
  readonly onDone: (act: DoneAct) => void
}

/** Acts on the lines of a feed, one at a time, and the failed ones. */
export function useActs(api: ApiClient, { feed, person, onDone }: ActsOptions): Acts {
  const queries = useQueryClient()
  const store = `failed:${person}:${feed}`
  const [failed, setFailed] = useState(() => keptFailures(store))
  const underWay = useRef<string>(undefined)
  /** The versions after the person's own acts, which the lists may show only in a moment. */
  const done = useRef(new Map<string, number>())

  function put(change: (now: readonly FailedAct[]) => readonly FailedAct[]): void {
    setFailed((now) => {
      const next = change(now)
      keepFailures(store, next)
      return next
    })
  }

  const { mutate, isPending, variables } = useMutation({
    mutationFn: ({ wish: { id, action, key, version, body }, force }: { wish: Wish; force: boolean }) =>
      api.call<ChangeAnswer>(`/v1/feeds/${feed}/headlines/${id}/${action}${force ? '?force=true' : ''}`, {
        method: 'POST',
        headers: {
          'Idempotency-Key': key,
          ...(version !== undefined && { 'If-Match': `"${version}"` }),
        },
        body,
      }),
    onSettled: (outcome, _error, { wish }) => {
      underWay.current = undefined
      void queries.invalidateQueries({ queryKey: ['headline', feed, wish.id] })
      if (outcome?.kind === 'done') {
        const { headline, position, releaseAt, siblings } = outcome.body
        done.current = new Map([...done.current, [headline.id, headline.version] as const].slice(-MOST_DONE))
        const text = (wish.body as { text?: string }).text ?? wish.text
        const at = new Date().toISOString()
        onDone({ ...headline, text, position, releaseAt, at, ...(siblings && { siblings }) })
      } else if (outcome) {
        const { refusal } = outcome
        put((now) => withFailure(now, { wish, refusal, at: new Date().toISOString() }))
      }
    },
  })

  function send(wish: Wish, force = false): void {
    if (underWay.current !== undefined) return
    underWay.current = wish.id
    put((now) => withoutFailure(now, wish.id))
    mutate({ wish, force })
  }

  return {
    failed,
    sending: isPending ? variables.wish.id : undefined,
    act({ id, version, content }, action, body = {}) {
      const again = failed.find(({ wish }) => wish.id === id)
      if (again && isRepeatable(again) && isSameWish(again.wish, action, body)) {
        send(again.wish)
        return
      }
      const seen = Math.max(version, done.current.get(id) ?? 0)
      const text = content?.text ?? ''
      const key = crypto.randomUUID()
      send({ id, action, body, version: needsNoVersion(action) ? undefined : seen, key, text })
    },
    retry: ({ wish }, { force = false } = {}) => send(wish, force),
    dismiss: ({ wish }) => put((now) => withoutFailure(now, wish.id)),
  }
}

/** No answer is known, or the API could not do it just then: the same request may still take effect. */
export function isRepeatable({ refusal: { status } }: FailedAct): boolean {
  return status === 0 || status === 429 || status >= 500
}

function isSameWish(wish: Wish, action: Action, body: object): boolean {
  return wish.action === action && JSON.stringify(wish.body) === JSON.stringify(body)
}
