import { useState, type RefObject } from 'react'
import type { Composer } from './use-composer.ts'
import { openPlaceIn } from './templates.ts'
import type { Then } from './wish.ts'
import { instantOf, needsChoice } from './zoned-time.ts'

/** A question that stands between the wish to send and the sending. */
export interface WishState {
  /** The text has a place of a template that is not filled. */
  readonly asksPlace: boolean
  /** A time is not certain. */
  readonly asksTime: boolean
  /** A flash would go out. */
  readonly asksFlash: boolean
  readonly wish: (then: Then) => void
  readonly endFlash: () => void
  /** Puts the keyboard into the text, with a part of it selected. */
  readonly select: (part: { readonly start: number; readonly end: number }) => void
}

/** Sends what is written, after the questions that it raises. */
export function useWish(
  { draft: { words, releaseAt }, send }: Composer,
  field: RefObject<HTMLTextAreaElement | null>,
  goesAlone: boolean,
): WishState {
  const [asksFlash, setAsksFlash] = useState(false)
  const [hasWished, setHasWished] = useState(false)
  /** The text with an open place about which the question has been put. */
  const [questioned, setQuestioned] = useState<string>()
  const isUnsure =
    (releaseAt !== undefined && instantOf(releaseAt) === undefined) || needsChoice(words.expiresAt)

  function select({ start, end }: { readonly start: number; readonly end: number }): void {
    field.current?.focus()
    field.current?.setSelectionRange(start, end)
  }

  return {
    asksPlace: questioned === words.text && openPlaceIn(questioned) !== undefined,
    asksTime: hasWished && isUnsure,
    asksFlash,
    wish(then) {
      if (words.text.trim() === '') return field.current?.focus()
      setHasWished(true)
      const place = openPlaceIn(words.text)
      if (place && questioned !== words.text) {
        setQuestioned(words.text)
        select(place)
      } else if (isUnsure) document.querySelector<HTMLElement>('.composer [data-field="releaseAt"]')?.focus()
      else if (words.urgency === 'flash' && goesAlone && (then === 'release' || then === 'correct'))
        setAsksFlash(true)
      else send(then)
    },
    endFlash: () => setAsksFlash(false),
    select,
  }
}
