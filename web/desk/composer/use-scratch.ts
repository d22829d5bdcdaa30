import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { ApiClient, Outcome } from '../platform/api-client.ts'
import { kept } from '../platform/kept.ts'
import { ScratchKeeper, type KeepOutcome, type ScratchServer } from './scratch-keeper.ts'

const RETRY_MS = 10_000

interface Entry {
  readonly subject: string
  readonly draft: string
  readonly savedAt: string
}

/** Words of the same person for the same subject that another browser has left on the server. */
export interface Offer<Draft> {
  readonly draft: Draft
  readonly savedAt: string
  readonly take: () => void
  readonly drop: () => void
}

export interface ScratchOptions<Draft> {
  readonly feed: string
  /** `new`, `edition`, or the line that is open. */
  readonly subject: string
  /** The draft's name in this browser. */
  readonly name: string
  /** The words as they are, also before the page is drawn with them; undefined: there is nothing to keep. */
  readonly now: () => Draft | undefined
  /** A draft as it was kept; undefined for anything else. */
  readonly read: (kept: unknown) => Draft | undefined
  readonly onTake: (draft: Draft) => void
}

/** Keeps the unsent words on the server too, and offers those that another browser has left there. */
export function useScratch<Draft>(api: ApiClient, options: ScratchOptions<Draft>): Offer<Draft> | undefined {
  const { feed, subject, name, now, read, onTake } = options
  // Each opening of the composer reads anew: an older answer would offer words that are gone.
  const [opening] = useState(() => crypto.randomUUID())
  const keeper = useRef<ScratchKeeper>(undefined)
  const [offered, setOffered] = useState<Entry>()
  const own = `scratch:${name}`
  const unsent = now()
  const words = unsent && JSON.stringify(unsent)
  const { data } = useQuery({
    queryKey: ['scratch', feed, opening],
    queryFn: () => api.read<{ scratch: readonly Entry[] }>(`/v1/feeds/${feed}/scratch`),
    staleTime: Infinity,
    gcTime: 0,
    refetchInterval: ({ state }) => (state.data ? false : RETRY_MS),
  })

  const begin = useEffectEvent((entry: Entry | undefined) => {
    keeper.current = new ScratchKeeper(
      serverOf(api, `/v1/feeds/${feed}/scratch/${subject}`, own),
      entry?.draft,
    )
    keeper.current.want(words)
  })
  const isKnown = data !== undefined
  const found = data?.scratch.find((entry) => entry.subject === subject)
  const decide = useEffectEvent(() => {
    if (keeper.current) return
    const ownAt = kept.get(own)
    // Words that this browser has saved since are not in an answer that was on its way.
    const isOwn = !found || (ownAt !== null && found.savedAt <= ownAt) || found.draft === words
    if (isOwn || !read(parsed(found.draft))) begin(found)
    // Until the person has decided, nothing overwrites the words on the server.
    else setOffered(found)
  })

  useEffect(() => {
    if (isKnown) decide()
  }, [isKnown])
  useEffect(() => keeper.current?.want(words), [words])
  const close = useEffectEvent(() => {
    // Words that were sent may close the form before it is drawn without them.
    const last = now()
    keeper.current?.want(last && JSON.stringify(last))
    keeper.current?.close()
  })
  useEffect(() => () => close(), [])

  const other = offered && read(parsed(offered.draft))
  if (!offered || !other) return undefined
  return {
    draft: other,
    savedAt: offered.savedAt,
    take() {
      setOffered(undefined)
      kept.set(own, offered.savedAt)
      onTake(other)
      begin(offered)
    },
    drop() {
      setOffered(undefined)
      begin(offered)
    },
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** `own`: the name under which this browser knows that the words on the server are its own. */
function serverOf(api: ApiClient, path: string, own: string): ScratchServer {
  return {
    async keep(draft) {
      const outcome = await api.call<{ savedAt: string }>(path, { method: 'PUT', body: { draft } })
      if (outcome.kind === 'done') kept.set(own, outcome.body.savedAt)
      return keepOutcome(outcome)
    },
    async drop() {
      const outcome = await api.call(path, { method: 'DELETE' })
      if (outcome.kind === 'done') kept.remove(own)
      return keepOutcome(outcome)
    },
  }
}

function keepOutcome(outcome: Outcome<unknown>): KeepOutcome {
  if (outcome.kind === 'done') return 'kept'
  const { status } = outcome.refusal
  return status === 0 || status === 401 || status === 429 || status >= 500 ? 'later' : 'never'
}
