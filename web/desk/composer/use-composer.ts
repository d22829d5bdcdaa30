import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { ApiClient, Refusal } from '../platform/api-client.ts'
import { emptyDraft, keepDraft, keptDraft, withWords, type Draft, type Then } from './draft.ts'
import type { DoneAct } from '../lines/receipts.tsx'

interface ChangeAnswer {
  readonly headline: { readonly id: string; readonly status: DoneAct['status'] }
  readonly position: string | null
  readonly releaseAt?: string
}

export interface Composer {
  readonly draft: Draft
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  readonly change: (words: Parameters<typeof withWords>[1]) => void
  readonly send: (then: Then, options?: { readonly force?: boolean }) => void
}

/** The words in the composer and their way to the API. They are kept in this browser at each keystroke. */
export function useComposer(
  api: ApiClient,
  { feed, name }: { readonly feed: string; readonly name: string },
  onDone: (act: DoneAct) => void,
): Composer {
  const [draft, setDraft] = useState(() => keptDraft(name))
  const [refusal, setRefusal] = useState<Refusal>()
  const isUnderWay = useRef(false)
  const queries = useQueryClient()

  const { mutate, isPending } = useMutation({
    mutationFn: ({ sent, force }: { sent: Draft; force: boolean }) =>
      api.call<ChangeAnswer>(`/v1/feeds/${feed}/headlines${force ? '?force=true' : ''}`, {
        method: 'POST',
        headers: { 'Idempotency-Key': sent.key },
        body: {
          text: sent.text,
          urgency: sent.urgency,
          then: sent.sent,
          ...(sent.reason.trim() !== '' && { reason: sent.reason }),
        },
      }),
    onSettled: (outcome, _error, { sent }) => {
      isUnderWay.current = false
      if (outcome?.kind === 'done') {
        const { headline, position, releaseAt } = outcome.body
        onDone({ ...headline, text: sent.text, position, releaseAt, at: new Date().toISOString() })
        put(emptyDraft())
      } else if (outcome) {
        setRefusal(outcome.refusal)
        if (isDecision(outcome.refusal)) {
          const { sent: _, ...words } = sent
          put({ ...words, key: crypto.randomUUID() })
          void queries.invalidateQueries({ queryKey: ['policy', feed] })
        }
      }
    },
  })

  function put(next: Draft): void {
    setDraft(next)
    keepDraft(name, next)
  }

  return {
    draft,
    refusal,
    isSending: isPending,
    change(words) {
      // The words that are under way stay as they are, so that the receipt is for what stands here.
      if (isUnderWay.current) return
      setRefusal(undefined)
      put(withWords(draft, words))
    },
    send(then, { force = false } = {}) {
      if (isUnderWay.current || draft.text.trim() === '') return
      isUnderWay.current = true
      setRefusal(undefined)
      // Without an answer so far, the same request goes out again: the API knows its key.
      const sent = { ...draft, sent: draft.sent ?? then }
      put(sent)
      mutate({ sent, force })
    },
  }
}

/**
 * The API has looked at the wish and said no, so it was not saved under this key either: the next try is a new wish.
 * Other refusals, such as an ended session, say nothing about an earlier try. A duplicate can be forced with its key.
 */
function isDecision({ status, code }: Refusal): boolean {
  if (code === 'duplicate-headline') return false
  return [409, 422].includes(status) || ['two-person-required', 'second-factor-required'].includes(code)
}
