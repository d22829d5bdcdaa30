import { useEffect, useState } from 'react'
import { connect } from '../../sdk/index.ts'
import type { FeedTitle, Headline, Status } from '../../sdk/types.ts'
import { pageDrawing } from '../platform/page-drawing.ts'

export interface StripState {
  readonly lines: readonly Headline[] | undefined
  readonly status: Status | undefined
}

/** The strip as readers see it: the same client, the same order. */
export function useStrip({ id: feed, drill }: FeedTitle): StripState {
  const [state, setState] = useState<StripState>({ lines: undefined, status: undefined })
  useEffect(() => {
    const connection = connect({ url: location.origin, feed, drill: drill === true })
    const draw = () => setState({ lines: connection.strip, status: connection.status })
    const show = () => pageDrawing.soon(draw)
    connection.on('strip', show)
    connection.on('status', show)
    return () => {
      connection.close()
      pageDrawing.forget(draw)
      setState({ lines: undefined, status: undefined })
    }
  }, [feed, drill])
  return state
}
