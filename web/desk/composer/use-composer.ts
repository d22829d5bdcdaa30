import { useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import type { DoneAct } from '../results/done-act.ts'
import type { ApiClient, Refusal } from '../platform/api-client.ts'
import { changed, isUntouched, newDraft, type Change, type Draft } from './draft.ts'
import { drafts } from './drafts.ts'
import { sendWish } from './send-wish.ts'
import type { ComposedLine, Then } from './wish.ts'
import { wishOf } from './wish-of.ts'
import { noWords, wordsOf, type Content } from './words.ts'

export interface Composer {
  readonly draft: Draft
  /** Nothing is written in it that its line does not say already. */
  readonly isUntouched: boolean
  /** Words that are written and not sent, at this moment. */
  readonly unsent: () => Draft | undefined
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  readonly change: (change: Change) => void
  readonly send: (then: Then, options?: { readonly force?: boolean }) => void
  /** Takes words from elsewhere in place of those that are written. */
  readonly replace: (draft: Draft) => void
  /** Drops what is written. */
  readonly clear: () => void
}

export interface Subject {
  readonly feed: string
  /** The draft's name in this browser. */
  readonly name: string
  /** The line that is open, as it is now; undefined for a new one. */
  readonly line: ComposedLine | undefined
}

const nothingWritten: Content = { text: '', urgency: noWords.urgency }

/** The words in the composer and their way to the API. They are kept in this browser at each keystroke. */
export function useComposer(
  api: ApiClient,
  { feed, name, line }: Subject,
  onDone: (act: DoneAct) => void,
): Composer {
  const before = line ? (line.content ?? nothingWritten) : nothingWritten
  useState(() => drafts.open(name, () => firstDraft(line)))
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(name))
  const [refusal, setRefusal] = useState<Refusal>()
  const queries = useQueryClient()
  const mutationKey = ['compose', name]

  const { mutate } = useMutation({
    mutationKey,
    mutationFn: ({ sent, force }: { sent: Draft; force: boolean }) =>
      sendWish(api, sent.sent ?? { then: 'keep', steps: [] }, { feed, id: line?.id, key: sent.key, force }),
    onSettled: async (answer, _error, { sent }) => {
      if (!answer) return
      const { outcome, version } = answer
      if (line) await queries.invalidateQueries({ queryKey: ['headline', feed, line.id] })
      if (outcome.kind === 'done') {
        const { headline, position, releaseAt } = outcome.body
        drafts.put(name, newDraft(), true)
        const { text, urgency } = sent.words
        onDone({ ...headline, text, urgency, position, releaseAt, at: new Date().toISOString() })
        return
      }
      setRefusal(outcome.refusal)
      if (!isDecision(outcome.refusal)) return
      const { sent: _, ...words } = sent
      put({ ...words, ...(version !== undefined && { seen: version }), key: crypto.randomUUID() })
      void queries.invalidateQueries({ queryKey: ['policy', feed] })
    },
  })
  const isSending = useIsMutating({ mutationKey }) > 0

  function put(next: Draft): void {
    drafts.put(name, next, isUntouched(next, before))
  }

  return {
    draft,
    isUntouched: isUntouched(draft, before),
    unsent: () => drafts.unsent(name),
    refusal,
    isSending,
    change(change) {
      // The words that are under way stay as they are, so that the receipt is for what stands here.
      if (queries.isMutating({ mutationKey }) > 0) return
      setRefusal(undefined)
      put(changed(drafts.get(name), change))
    },
    send(then, { force = false } = {}) {
      if (queries.isMutating({ mutationKey }) > 0 || draft.words.text.trim() === '') return
      setRefusal(undefined)
      // Without an answer so far, the same requests go out again: the API knows their keys.
      const sent = { ...draft, sent: draft.sent ?? wishOf(draft, then, line) }
      put(sent)
      mutate({ sent, force })
    },
    replace(draft) {
      setRefusal(undefined)
      put(draft)
    },
    clear() {
      setRefusal(undefined)
      put(firstDraft(line))
    },
  }
}

function firstDraft(line: ComposedLine | undefined): Draft {
  if (!line?.content) return newDraft()
  return newDraft({ words: wordsOf(line.content), seen: line.contentVersion ?? line.version })
}

/**
 * The API has looked at the wish and said no, so it was not saved under this key either: the next try is a new wish.
 * Other refusals, such as an ended session, say nothing about an earlier try. A duplicate can be forced with its key.
 */
function isDecision({ status, code }: Refusal): boolean {
  if (code === 'duplicate-headline') return false
  return [409, 412, 422].includes(status) || decisions.has(code)
}

const decisions = new Set(['two-person-required', 'second-factor-required', 'nothing-changed'])
