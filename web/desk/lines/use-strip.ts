import { startTransition, useEffect, useState } from 'react'
import { connect } from '../../sdk/index.ts'
import type { FeedTitle, Headline, Status } from '../../sdk/types.ts'

export interface StripState {
  readonly lines: readonly Headline[] | undefined
  readonly status: Status | undefined
}

/** The strip as readers see it: the same client, the same order. */
export function useStrip({ id: feed, drill }: FeedTitle): StripState {
  const [state, setState] = useState<StripState>({ lines: undefined, status: undefined })
  useEffect(() => {
    const connection = connect({ url: location.origin, feed, drill: drill === true })
    // A key that is pressed meanwhile is drawn first.
    const show = () => startTransition(() => setState({ lines: connection.strip, status: connection.status }))
    connection.on('strip', show)
    connection.on('status', show)
    return () => {
      connection.close()
      setState({ lines: undefined, status: undefined })
    }
  }, [feed, drill])
  return state
}
