import { useQuery } from '@tanstack/react-query'
import { memo, useEffect, useRef } from 'react'
import type { FeedTitle } from '../../sdk/types.ts'
import type { DoneAct } from '../results/done-act.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { ComposerForm } from './composer-form.tsx'
import type { ComposedLine } from './wish.ts'

export interface ComposerProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: FeedTitle
  /** Readers of the feed, once a release has counted them. */
  readonly readers: number | undefined
  /** The line that is open in it; undefined for a new one. */
  readonly open: string | undefined
  readonly onDone: (act: DoneAct) => void
  /** Leaves the line that is open. Its unsent words are kept. */
  readonly onClose: () => void
  /** The person is asked about the sending, or no more. */
  readonly onAsk: (asks: boolean) => void
}

/**
 * One composer for a new line and for the words of every other one. Each line has a draft of its own. An event of the
 * feed does not draw it again: keys come first.
 */
export const Composer = memo(function Composer(props: ComposerProps) {
  const { api, session, feed, readers, open, onDone, onClose, onAsk } = props
  const { data: line } = useQuery({
    queryKey: ['headline', feed.id, open],
    queryFn: () => api.read<ComposedLine>(`/v1/feeds/${feed.id}/headlines/${open ?? ''}`),
    enabled: open !== undefined,
  })
  const isThere = open !== undefined && line?.id === open && line.content !== undefined
  const wasOpen = useRef(false)
  useEffect(() => {
    wasOpen.current ||= isThere
  }, [isThere])
  const name = `draft:${session.person}:${feed.id}`
  return (
    <ComposerForm
      key={isThere ? open : ''}
      api={api}
      session={session}
      feed={feed}
      readers={readers}
      name={isThere ? `${name}:${open}` : name}
      line={isThere ? line : undefined}
      takesFocus={isThere || wasOpen.current}
      onDone={(act) => {
        onDone(act)
        if (isThere) onClose()
      }}
      onClose={onClose}
      onAsk={onAsk}
    />
  )
})
