import { Button } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { hasRole } from '../composer/may-publish.ts'
import { useCommands } from '../keys/running-commands.ts'
import { RefusedError, type ApiClient, type Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { AddPart } from './add-part.tsx'
import { AllLinesQuestion } from './all-lines-question.tsx'
import { EditionCell } from './edition-cell.tsx'
import { EditionReceipt } from './edition-receipt.tsx'
import type { Part } from './edition.ts'
import { useEdition } from './use-edition.ts'
import { editionActs, useEditionAct, type EditionAct } from './use-edition-act.ts'

export interface EditionPageProps {
  readonly api: ApiClient
  readonly session: Session
  readonly edition: string
  readonly feeds: readonly FeedTitle[]
}

/** One edition: a cell for each part, and the acts that one key does in all of them. */
export function EditionPage({ api, session, edition, feeds }: EditionPageProps) {
  const { data, error, refetch } = useEdition(api, edition)
  const [asks, setAsks] = useState(false)
  const { isBusy, refusal, refused, begin, again, dismiss } = useEditionAct(
    api,
    edition,
    () => void refetch(),
  )
  const parts = (data?.parts ?? []).flatMap((part) => {
    const feed = feeds.find(({ id }) => id === part.feed)
    return feed ? [{ feed, part }] : []
  })
  const possible = editionActs.filter((act) => parts.some(({ part }) => fits(act, part)))
  // Drills and real feeds share no edition.
  const isDrill = parts[0]?.feed.drill ?? false
  const others = feeds.filter(
    ({ id, drill = false }) =>
      drill === isDrill &&
      hasRole(session, id, 'reporter') &&
      parts.every(({ part }) => part.feed !== id || isOver(part)),
  )

  function wish(act: EditionAct): void {
    if (act === 'withdraw') setAsks(true)
    else begin(act)
  }

  useCommands({
    withdraw: possible.includes('withdraw') ? () => wish('withdraw') : undefined,
    hold: possible.includes('hold')
      ? () => wish('hold')
      : possible.includes('resume')
        ? () => wish('resume')
        : undefined,
  })

  return (
    <div className="stack">
      <p>
        <a href="#/editions">
          <FormattedMessage id="edition.new" />
        </a>
      </p>
      {error instanceof RefusedError && <Fault refusal={error.refusal} />}
      <EditionReceipt api={api} parts={parts.map(({ part }) => part)} />
      <div className="line-buttons">
        {possible.map((each) => (
          <Button key={each} size="xs" variant="default" disabled={isBusy} onClick={() => wish(each)}>
            <FormattedMessage id={`edition.${each}`} />
          </Button>
        ))}
      </div>
      <Fault refusal={refusal} />
      {refusal && (
        <div className="line-buttons">
          <Button size="xs" color="red" disabled={isBusy} onClick={again}>
            <FormattedMessage id="edition.again" />
          </Button>
        </div>
      )}
      <div className="edition-cells">
        {parts.map(({ feed, part }) => (
          <EditionCell
            key={feed.id}
            api={api}
            session={session}
            feed={feed}
            part={part}
            refusal={refused[feed.id]}
            isBusy={isBusy}
            onAgain={again}
            onDismiss={() => dismiss(feed.id)}
            onDone={() => void refetch()}
          />
        ))}
      </div>
      {parts.length > 0 && others.length > 0 && (
        <AddPart
          api={api}
          session={session}
          edition={edition}
          feeds={others}
          urgency={parts[0]?.part.content?.urgency}
          onDone={() => void refetch()}
        />
      )}
      <AllLinesQuestion
        isOpen={asks}
        title="edition.withdraw.question"
        confirm="edition.withdraw.send"
        takesNotes
        lines={parts
          .filter(({ part }) => fits('withdraw', part))
          .map(({ feed, part }) => ({ feed, text: part.content?.text ?? '' }))}
        onConfirm={(notes) => begin('withdraw', notes)}
        onClose={() => setAsks(false)}
      />
    </div>
  )
}

function fits(act: EditionAct, { status }: Part): boolean {
  if (act === 'resume') return status === 'held'
  if (act === 'hold') return status === 'live'
  return ['live', 'held', 'due', 'needs-decision'].includes(status)
}

/** Another line may take the place of the part. */
function isOver({ status }: Part): boolean {
  return ['withdrawn', 'expired', 'discarded', 'rejected'].includes(status)
}
