import { useQuery } from '@tanstack/react-query'
import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { ApiClient } from '../platform/api-client.ts'
import type { DeskHeadline, Words } from './headline.ts'
import type { LineAct } from './line-act.ts'
import type { Acts } from './use-acts.ts'
import type { FailedAct } from '../results/failed-acts.ts'

export interface SavedVersion {
  readonly version: number
  readonly action: Action
  readonly savedAt: string
  readonly content?: Partial<Words>
}

export interface LineRecord extends DeskHeadline {
  /** The acts that the person may do now. */
  readonly allowed: readonly Action[]
  /** Oldest first. */
  readonly versions: readonly SavedVersion[]
}

/** The selected line with its record and the acts on it. */
export interface Line {
  readonly id: string | undefined
  readonly record: LineRecord | undefined
  readonly failed: FailedAct | undefined
  readonly isSending: boolean
  readonly act: (action: LineAct, body?: object) => void
}

export function useLine(api: ApiClient, feed: string, id: string | undefined, acts: Acts): Line {
  const { data: record } = useQuery({
    queryKey: ['headline', feed, id],
    queryFn: () => api.read<LineRecord>(`/v1/feeds/${feed}/headlines/${id ?? ''}`),
    enabled: id !== undefined,
  })
  const failed = acts.failed.find(({ wish }) => wish.id === id)
  const line = id === undefined ? undefined : (record ?? { id, version: 0 })
  return {
    id,
    record,
    failed,
    isSending: acts.sending !== undefined,
    act(action, body) {
      if (line) acts.act(line, action, body)
    },
  }
}

/** The words that an approval or release of the line lets out. */
export function outgoingWords({ desk, content }: DeskHeadline): Words | undefined {
  return desk?.proposal?.content ?? content
}

/** The words that a second person has seen before the present ones: readers' words, or those that were returned. */
export function earlierWords({ desk, content, status, versions }: LineRecord): string | undefined {
  if (desk?.proposal) return content?.text
  if (status !== 'pending') return undefined
  let text: string | undefined
  let before: string | undefined
  for (const { action, content } of versions) {
    text = content?.text ?? text
    if (action === 'return' || action === 'reject') before = text
  }
  return before
}
