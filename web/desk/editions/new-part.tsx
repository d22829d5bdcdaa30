import { Button } from '@mantine/core'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage } from 'react-intl'
import type { Urgency } from '../../../src/protocol/lists/urgencies.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import { mayPublish } from '../composer/may-publish.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { FlashQuestion } from '../platform/flash-question.tsx'
import { kept } from '../platform/kept.ts'
import { useAct } from '../platform/use-act.ts'
import { usePolicies } from './use-edition.ts'
import { WishCell } from './wish-cell.tsx'

const USUAL_MOST = 280

export interface NewPartProps {
  readonly api: ApiClient
  readonly session: Session
  readonly edition: string
  readonly feed: FeedTitle
  /** That of the other parts. */
  readonly urgency: Urgency | undefined
  readonly onDone: () => void
}

/** Writes the part of a feed that has none. An edition has one part in each feed, so a repetition posts no second line. */
export function NewPart({ api, session, edition, feed, urgency = 'urgent', onDone }: NewPartProps) {
  const name = `edition-part:${session.person}:${edition}:${feed.id}`
  const [text, setText] = useState(() => kept.get(name) ?? '')
  const [asks, setAsks] = useState(false)
  const [policy] = usePolicies(api, [feed.id])
  const { isBusy, refusal, run } = useAct()
  const then = mayPublish(session, feed.id, policy, urgency) ? 'release' : 'submit'

  function send(force = false): void {
    run(
      () =>
        api.call(`/v1/editions/${edition}/parts/${feed.id}${force ? '?force=true' : ''}`, {
          method: 'PUT',
          body: { text, urgency, then },
        }),
      () => {
        kept.remove(name)
        onDone()
      },
    )
  }

  function ask(event: SyntheticEvent): void {
    event.preventDefault()
    if (text.trim() === '') return
    if (urgency === 'flash' && then === 'release') setAsks(true)
    else send()
  }

  return (
    <>
      <form className="stack" onSubmit={ask}>
        <WishCell
          feed={feed}
          text={text}
          most={policy?.maxGraphemes ?? USUAL_MOST}
          refusal={refusal}
          isSending={isBusy}
          onChange={(next) => {
            setText(next)
            kept.set(name, next)
          }}
          onForce={() => send(true)}
        />
        <Button type="submit" size="xs" loading={isBusy} color={urgency === 'flash' ? 'red' : 'blue'}>
          <FormattedMessage id={then === 'release' ? 'composer.release' : 'composer.submit'} />
        </Button>
      </form>
      <FlashQuestion
        feed={feed}
        isOpen={asks}
        text={text}
        readers={undefined}
        onSend={() => send()}
        onClose={() => setAsks(false)}
      />
    </>
  )
}
