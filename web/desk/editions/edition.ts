import type { Content } from '../composer/words.ts'
import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { Status } from '../../../src/protocol/lists/statuses.ts'
import type { Refusal } from '../platform/api-client.ts'

/** The part of an edition in one feed, as far as the desk shows it. */
export interface Part {
  readonly feed: string
  readonly id: string
  readonly version: number
  readonly status: Status
  /** The version in which its words were saved. */
  readonly contentVersion?: number
  readonly content?: Content
  readonly position?: string
  readonly lagMs?: number
  readonly releaseAt?: string
  readonly attention?: { readonly feed: string; readonly action: Action | 'needs-decision' }
}

export interface Edition {
  readonly edition: string
  readonly parts: readonly Part[]
}

/** The answer to one wish in several feeds. */
export interface EditionOutcome {
  readonly edition: string
  readonly parts: readonly (
    | { readonly feed: string; readonly outcome: 'accepted' }
    | { readonly feed: string; readonly outcome: 'refused'; readonly problem: Refusal }
  )[]
}

export type RefusedParts = Readonly<Record<string, Refusal>>

export function refusedIn({ parts }: EditionOutcome): RefusedParts {
  return Object.fromEntries(
    parts.flatMap((part) => (part.outcome === 'refused' ? [[part.feed, part.problem]] : [])),
  )
}
