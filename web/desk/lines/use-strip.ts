import { useEffect, useState } from 'react'
import { connect } from '../../sdk/index.ts'
import type { Headline, Status } from '../../sdk/types.ts'
import { RefusedError, type ApiClient } from '../platform/api-client.ts'
import type { DeskFeed } from '../platform/desk-feed.ts'
import { pageDrawing } from '../platform/page-drawing.ts'

export interface StripState {
  readonly lines: readonly Headline[] | undefined
  readonly status: Status | undefined
}

/** The strip as readers see it: the same client, the same order. */
export function useStrip(api: ApiClient, { id: feed, drill, visibility }: DeskFeed): StripState {
  const [state, setState] = useState<StripState>({ lines: undefined, status: undefined })
  useEffect(() => {
    const connection = connect({
      url: location.origin,
      feed,
      drill: drill === true,
      ...(visibility && { token: () => readerToken(api, feed) }),
    })
    const draw = () => setState({ lines: connection.strip, status: connection.status })
    const show = () => pageDrawing.soon(draw)
    connection.on('strip', show)
    connection.on('status', show)
    return () => {
      connection.close()
      pageDrawing.forget(draw)
      setState({ lines: undefined, status: undefined })
    }
  }, [api, feed, drill, visibility])
  return state
}

/** By it the person reads a feed that is for partners. Errors: RefusedError. */
async function readerToken(api: ApiClient, feed: string): Promise<string> {
  const outcome = await api.call<{ token: string }>(`/v1/feeds/${feed}/reader-tokens`, { method: 'POST' })
  if (outcome.kind === 'done') return outcome.body.token
  throw new RefusedError(outcome.refusal)
}
