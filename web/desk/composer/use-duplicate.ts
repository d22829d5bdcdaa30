import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Status } from '../../../src/protocol/lists/statuses.ts'
import type { ApiClient } from '../platform/api-client.ts'

/** A pause in typing. */
const PAUSE_MS = 500
/** Shorter texts are labels and names. */
const LEAST_LENGTH = 8
const FRESH_MS = 10_000

export interface Match {
  readonly id: string
  readonly status: Status
  readonly text: string
}

export interface Compared {
  readonly feed: string
  readonly text: string
  /** The line that the text is for. */
  readonly id: string | undefined
  /** A correction of a line that is out is never refused for this. */
  readonly isOut: boolean
}

/** The line that says the same as the text, as acceptance compares it, after a pause in typing. */
export function useDuplicate(api: ApiClient, { feed, text: typed, id, isOut }: Compared): Match | undefined {
  const [text] = useDebouncedValue(typed.trim(), PAUSE_MS)
  const { data } = useQuery({
    queryKey: ['duplicate', feed, id, text],
    queryFn: async () => {
      const outcome = await api.call<{ match: Match | null }>(`/v1/feeds/${feed}/duplicates`, {
        method: 'POST',
        body: { text, ...(id !== undefined && { id }) },
      })
      // A text that is not complete yet may be refused; sending it names the fault.
      return outcome.kind === 'done' ? outcome.body.match : null
    },
    enabled: !isOut && text.length >= LEAST_LENGTH,
    staleTime: FRESH_MS,
    gcTime: FRESH_MS,
  })
  return typed.trim() === text && text.length >= LEAST_LENGTH ? (data ?? undefined) : undefined
}
