import { Button } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { isReleased } from '../../../src/protocol/lists/statuses.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import { hasRole } from '../composer/may-publish.ts'
import type { ApiClient, Refusal, Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import type { Part } from './edition.ts'
import { PartCorrection } from './part-correction.tsx'
import { PartState } from './part-state.tsx'

export interface EditionCellProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: FeedTitle
  readonly part: Part
  /** Why the part has refused an act on all parts. */
  readonly refusal: Refusal | undefined
  readonly isBusy: boolean
  readonly onAgain: () => void
  readonly onDismiss: () => void
  /** A correction is accepted. */
  readonly onDone: () => void
}

/** One part with its own correction; a part that has refused an act stays red until its person handles it. */
export function EditionCell(props: EditionCellProps) {
  const { api, session, feed, part, refusal, isBusy, onAgain, onDismiss, onDone } = props
  const [corrects, setCorrects] = useState(false)
  const look = useAct()
  const mayCorrect =
    isReleased(part.status) && part.content !== undefined && hasRole(session, feed.id, 'reporter')
  const attended = () =>
    api.call(`/v1/feeds/${feed.id}/headlines/${part.id}/attended`, {
      method: 'POST',
      headers: { 'Idempotency-Key': crypto.randomUUID(), 'If-Match': `"${part.version}"` },
      body: {},
    })
  return (
    <section
      className="edition-cell"
      aria-label={feed.title}
      data-feed={feed.id}
      data-refused={refusal ? true : undefined}
    >
      <h3>
        <bdi>{feed.title}</bdi>
      </h3>
      <PartState feed={feed} part={part} />
      {part.attention && hasRole(session, feed.id, 'reporter') && (
        <div className="line-buttons">
          <Button
            size="xs"
            variant="default"
            disabled={look.isBusy}
            onClick={() => look.run(attended, onDone)}
          >
            <FormattedMessage id="act.attended" />
          </Button>
        </div>
      )}
      <Fault refusal={look.refusal} />
      {refusal && (
        <>
          <Fault refusal={refusal} />
          <div className="line-buttons">
            <Button size="xs" color="red" disabled={isBusy} onClick={onAgain}>
              <FormattedMessage id="edition.again" />
            </Button>
            <Button size="xs" variant="default" disabled={isBusy} onClick={onDismiss}>
              <FormattedMessage id="act.dismiss" />
            </Button>
          </div>
        </>
      )}
      {mayCorrect && (
        <div className="line-buttons">
          <Button size="xs" variant="default" aria-expanded={corrects} onClick={() => setCorrects(!corrects)}>
            <FormattedMessage id="act.correct" />
          </Button>
        </div>
      )}
      {mayCorrect && corrects && (
        <PartCorrection
          api={api}
          session={session}
          feed={feed}
          part={part}
          onDone={() => {
            setCorrects(false)
            onDone()
          }}
        />
      )}
    </section>
  )
}
