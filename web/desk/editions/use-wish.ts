import { useRef, useState } from 'react'
import type { ApiClient, Outcome, Refusal } from '../platform/api-client.ts'
import type { ReleaseChange } from '../composer/release-part.tsx'
import { timeOf } from '../composer/wish-of.ts'
import { refusedIn, type EditionOutcome } from './edition.ts'
import { emptyWish, isUnwritten, keepWish, keptWish, partFaults, type Wish } from './wish.ts'

/** Where the policy does not let the person publish alone, a part is submitted. */
export type Then = 'release' | 'submit'

export type WishChange = Partial<Pick<Wish, 'feeds' | 'texts' | 'urgency' | 'story'>> & ReleaseChange

export interface UsedWish {
  readonly wish: Wish
  /** Words that are written and not sent, at this moment. */
  readonly unsent: () => Wish | undefined
  /** A refusal of the whole wish; those of parts are in the wish. */
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  readonly change: (changed: WishChange) => void
  /** Takes words that were kept elsewhere. */
  readonly replace: (wish: Wish) => void
  /** Sends all parts; or, where some were refused, only these. `force`: the part of this feed is other news. */
  readonly send: (then: Readonly<Record<string, Then>>, force?: string) => void
}

/** The words of an edition and their way to the API. They are kept in this browser at each keystroke. */
export function useWish(
  api: ApiClient,
  { name, feeds }: { readonly name: string; readonly feeds: readonly string[] },
  onDone: (edition: string) => void,
): UsedWish {
  const [wish, setWish] = useState(() => keptWish(name, feeds))
  const [refusal, setRefusal] = useState<Refusal>()
  const [isSending, setIsSending] = useState(false)
  const isUnderWay = useRef(false)
  const newest = useRef(wish)

  function put(next: Wish): void {
    newest.current = next
    setWish(next)
    keepWish(name, next)
  }

  async function sendAll(then: Readonly<Record<string, Then>>): Promise<void> {
    const sent = { ...wish, isSent: true }
    put(sent)
    const outcome = await api.call<EditionOutcome>('/v1/editions', {
      method: 'POST',
      headers: { 'Idempotency-Key': wish.key },
      body: {
        ...common(wish),
        parts: Object.fromEntries(
          wish.feeds.map((feed) => [feed, { text: wish.texts[feed] ?? '', then: then[feed] }]),
        ),
      },
    })
    if (outcome.kind === 'refused') {
      setRefusal(outcome.refusal)
      put({ ...sent, isSent: isUncertain(outcome.refusal), refused: partFaults(outcome.refusal) })
    } else take(outcome.body.edition, refusedIn(outcome.body))
  }

  async function sendRefused(
    edition: string,
    then: Readonly<Record<string, Then>>,
    force: string | undefined,
  ): Promise<void> {
    const feeds = Object.keys(wish.refused).filter((feed) => force === undefined || force === feed)
    const outcomes = await Promise.all(
      feeds.map((feed): Promise<Outcome<unknown>> =>
        api.call(`/v1/editions/${edition}/parts/${feed}${force === feed ? '?force=true' : ''}`, {
          method: 'PUT',
          body: { ...common(wish), text: wish.texts[feed] ?? '', then: then[feed] },
        }),
      ),
    )
    const refused = new Map(Object.entries(wish.refused))
    outcomes.forEach((outcome, index) => {
      const feed = feeds[index] ?? ''
      // The API has the part already: an earlier answer was lost.
      const isThere = outcome.kind === 'done' || outcome.refusal.code === 'edition-part-exists'
      if (isThere) refused.delete(feed)
      else refused.set(feed, outcome.refusal)
    })
    take(edition, Object.fromEntries(refused))
  }

  function take(edition: string, refused: Wish['refused']): void {
    if (Object.keys(refused).length > 0) put({ ...wish, edition, refused })
    else {
      put(emptyWish(wish.feeds))
      onDone(edition)
    }
  }

  return {
    wish,
    unsent() {
      const { current } = newest
      // The parts that are out belong to no other browser's wish.
      return isUnwritten(current) || current.edition !== undefined ? undefined : current
    },
    refusal,
    isSending,
    change(changed) {
      if (isUnderWay.current) return
      setRefusal(undefined)
      const { releaseAt: time, embargo: isEmbargo, ...before } = wish
      const { releaseAt = time, embargo = isEmbargo, ...rest } = changed
      const isNew = wish.edition === undefined && wish.isSent !== true
      put({
        ...before,
        ...rest,
        ...(releaseAt && { releaseAt }),
        ...(releaseAt && embargo !== undefined && { embargo }),
        ...(isNew && { key: crypto.randomUUID() }),
      })
    },
    replace(taken) {
      if (isUnderWay.current) return
      setRefusal(undefined)
      put(taken)
    },
    send(then, force) {
      if (isUnderWay.current) return
      isUnderWay.current = true
      setIsSending(true)
      setRefusal(undefined)
      const sent = wish.edition === undefined ? sendAll(then) : sendRefused(wish.edition, then, force)
      void sent.finally(() => {
        isUnderWay.current = false
        setIsSending(false)
      })
    },
  }
}

/** No answer is known, or the API could not say: parts of the wish may be out. */
function isUncertain({ status, code }: Refusal): boolean {
  return code !== 'offline' && (status === 0 || status >= 500)
}

function common(wish: Wish) {
  const { urgency, story } = wish
  return { urgency, ...(story.trim() !== '' && { story: story.trim() }), ...timeOf(wish) }
}
