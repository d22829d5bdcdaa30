import { useState } from 'react'
import type { ApiClient, Refusal } from '../platform/api-client.ts'
import { kept } from '../platform/kept.ts'
import { useAct } from '../platform/use-act.ts'
import { refusedIn, type EditionOutcome, type RefusedParts } from './edition.ts'

export const editionActs = ['hold', 'resume', 'withdraw'] as const
export type EditionAct = (typeof editionActs)[number]

/** Notes for readers, by feed. */
export type Notes = Readonly<Record<string, string>>

/** An act on all parts that some of them have refused. It is kept until each refusal is repeated or dismissed. */
interface OpenAct {
  readonly act: EditionAct
  readonly notes: Notes
  /** One key per wish: a repetition does nothing twice. */
  readonly key: string
  readonly refused: RefusedParts
}

export interface UsedEditionAct {
  readonly isBusy: boolean
  /** A refusal of the whole act; it is repeated under its key too. */
  readonly refusal: Refusal | undefined
  readonly refused: RefusedParts
  readonly begin: (act: EditionAct, notes?: Notes) => void
  readonly again: () => void
  readonly dismiss: (feed: string) => void
}

/** The acts that one key does in all parts of an edition. */
export function useEditionAct(api: ApiClient, edition: string, onDone: () => void): UsedEditionAct {
  const name = `edition-act:${edition}`
  const [open, setOpen] = useState(() => keptAct(name))
  const { isBusy, refusal, run } = useAct()

  function put(next: OpenAct | undefined): void {
    setOpen(next)
    if (next) kept.set(name, JSON.stringify(next))
    else kept.remove(name)
  }

  function send(wish: OpenAct): void {
    put(wish)
    run(
      () =>
        api.call<EditionOutcome>(`/v1/editions/${edition}/${wish.act}`, {
          method: 'POST',
          headers: { 'Idempotency-Key': wish.key },
          body: Object.keys(wish.notes).length === 0 ? {} : { notes: wish.notes },
        }),
      (outcome) => {
        const refused = refusedIn(outcome)
        put(Object.keys(refused).length === 0 ? undefined : { ...wish, refused })
        onDone()
      },
    )
  }

  return {
    isBusy,
    refusal,
    refused: open?.refused ?? {},
    begin: (act, notes = {}) => send({ act, notes, key: crypto.randomUUID(), refused: {} }),
    again() {
      if (open) send(open)
    },
    dismiss(feed) {
      const { [feed]: _, ...refused } = open?.refused ?? {}
      put(open && Object.keys(refused).length > 0 ? { ...open, refused } : undefined)
    },
  }
}

function keptAct(name: string): OpenAct | undefined {
  try {
    return (JSON.parse(kept.get(name) ?? 'null') as OpenAct | null) ?? undefined
  } catch {
    return undefined
  }
}
