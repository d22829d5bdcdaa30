import { Button } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { useCommands } from '../keys/running-commands.ts'
import { RefusedError, type ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import { AllLinesQuestion } from './all-lines-question.tsx'
import { EditionReceipt } from './edition-receipt.tsx'
import { refusedIn, type EditionOutcome, type Part, type RefusedParts } from './edition.ts'
import { PartState } from './part-state.tsx'
import { useEdition } from './use-edition.ts'

type EditionAct = 'withdraw' | 'hold' | 'resume'
const acts: readonly EditionAct[] = ['hold', 'resume', 'withdraw']

export interface EditionPageProps {
  readonly api: ApiClient
  readonly edition: string
  readonly feeds: readonly FeedTitle[]
}

/** One edition: a cell for each part, and the acts that one key does in all of them. */
export function EditionPage({ api, edition, feeds }: EditionPageProps) {
  const { data, error, refetch } = useEdition(api, edition)
  const [refused, setRefused] = useState<{ readonly act: EditionAct; readonly parts: RefusedParts }>()
  const [asks, setAsks] = useState(false)
  const { isBusy, refusal, run } = useAct()
  const parts = (data?.parts ?? []).flatMap((part) => {
    const feed = feeds.find(({ id }) => id === part.feed)
    return feed ? [{ feed, part }] : []
  })
  const possible = acts.filter((act) => parts.some(({ part }) => fits(act, part)))

  function act(wanted: EditionAct): void {
    run(
      () =>
        api.call<EditionOutcome>(`/v1/editions/${edition}/${wanted}`, {
          method: 'POST',
          headers: { 'Idempotency-Key': crypto.randomUUID() },
          body: {},
        }),
      (outcome) => {
        setRefused({ act: wanted, parts: refusedIn(outcome) })
        void refetch()
      },
    )
  }

  function begin(wanted: EditionAct): void {
    if (wanted === 'withdraw') setAsks(true)
    else act(wanted)
  }

  useCommands({
    withdraw: possible.includes('withdraw') ? () => begin('withdraw') : undefined,
    hold: possible.includes('hold')
      ? () => begin('hold')
      : possible.includes('resume')
        ? () => begin('resume')
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
          <Button key={each} size="xs" variant="default" disabled={isBusy} onClick={() => begin(each)}>
            <FormattedMessage id={`edition.${each}`} />
          </Button>
        ))}
      </div>
      <Fault refusal={refusal} />
      <div className="edition-cells">
        {parts.map(({ feed, part }) => {
          const fault = refused?.parts[feed.id]
          return (
            <section
              key={feed.id}
              className="edition-cell"
              aria-label={feed.title}
              data-feed={feed.id}
              data-refused={fault ? true : undefined}
            >
              <h3>
                <bdi>{feed.title}</bdi>
              </h3>
              <PartState feed={feed} part={part} />
              {fault && (
                <>
                  <Fault refusal={fault} />
                  <Button size="xs" variant="default" disabled={isBusy} onClick={() => act(refused.act)}>
                    <FormattedMessage id="edition.again" />
                  </Button>
                </>
              )}
            </section>
          )
        })}
      </div>
      <AllLinesQuestion
        isOpen={asks}
        title="edition.withdraw.question"
        confirm="edition.withdraw.send"
        lines={parts
          .filter(({ part }) => fits('withdraw', part))
          .map(({ feed, part }) => ({ feed, text: part.content?.text ?? '' }))}
        onConfirm={() => act('withdraw')}
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
