import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { Fault } from '../platform/fault.tsx'
import type { FeedStopProps } from './feed-stop-props.ts'
import { RetractedLines, type Retracted } from './retracted-lines.tsx'
import { serverClock } from '../platform/server-clock.ts'

const MINUTE_MS = 60_000
const spans = [5, 15, 60, 240, 1_440] as const

interface Retraction {
  readonly since: string
  readonly reason: string
  readonly note?: string
  readonly key?: string
}

interface Tried {
  readonly wish: Retraction
  readonly answer: Retracted
  readonly isDone: boolean
  /** The key of the withdrawal: a repetition after a lost answer is the same request. */
  readonly once: string
}

/** Withdraws all lines since a time. It lists them first, and withdraws exactly by the wish that listed them. */
export function RetractForm({ api, feed }: FeedStopProps) {
  const intl = useIntl()
  const [minutes, setMinutes] = useState<number>(spans[0])
  const [words, setWords] = useState({ reason: '', note: '', key: '' })
  const [tried, setTried] = useState<Tried>()
  const {
    mutate,
    isPending,
    data: outcome,
  } = useMutation({
    mutationFn: ({ wish, dryRun, once }: { wish: Retraction; dryRun: boolean; once: string }) =>
      api.call<Retracted>(`/v1/feeds/${feed.id}/retract`, {
        method: 'POST',
        headers: { 'Idempotency-Key': once },
        body: { ...wish, dryRun },
      }),
    onSuccess: (answer, { wish, dryRun }) => {
      if (answer.kind === 'done')
        setTried({ wish, answer: answer.body, isDone: !dryRun, once: crypto.randomUUID() })
    },
  })

  function change(changed: Partial<typeof words>): void {
    setWords({ ...words, ...changed })
    setTried(undefined)
  }

  function list(event: SyntheticEvent): void {
    event.preventDefault()
    const { reason, note, key } = words
    const wish = {
      since: new Date(serverClock.now() - minutes * MINUTE_MS).toISOString(),
      reason,
      ...(note.trim() !== '' && { note }),
      ...(key.trim() !== '' && { key: key.trim() }),
    }
    mutate({ wish, dryRun: true, once: crypto.randomUUID() })
  }

  return (
    <form className="stack" onSubmit={list} aria-label={intl.formatMessage({ id: 'retract.title' })}>
      <h3 className="group-title">
        <FormattedMessage id="retract.title" />
      </h3>
      <NativeSelect
        label={<FormattedMessage id="retract.since" />}
        value={String(minutes)}
        data={spans.map((span) => ({
          value: String(span),
          label: intl.formatMessage({ id: 'retract.span' }, { minutes: span, hours: span / 60 }),
        }))}
        onChange={(event) => {
          setMinutes(Number(event.currentTarget.value))
          setTried(undefined)
        }}
      />
      <TextInput
        label={<FormattedMessage id="stop.reason" />}
        required
        value={words.reason}
        onChange={(event) => change({ reason: event.currentTarget.value })}
      />
      <TextInput
        label={<FormattedMessage id="act.note" />}
        lang={feed.lang}
        dir={feed.dir}
        value={words.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
      <TextInput
        label={<FormattedMessage id="retract.key" />}
        value={words.key}
        onChange={(event) => change({ key: event.currentTarget.value })}
      />
      <Button type="submit" size="xs" variant="default" disabled={isPending}>
        <FormattedMessage id="retract.list" />
      </Button>
      <Fault refusal={outcome?.kind === 'refused' ? outcome.refusal : undefined} />
      {tried && <RetractedLines feed={feed} {...tried.answer} />}
      {tried && (tried.answer.more || !tried.isDone) && tried.answer.lines.length > 0 && (
        <Button
          color="red"
          disabled={isPending}
          onClick={() => mutate({ wish: tried.wish, dryRun: false, once: tried.once })}
        >
          <FormattedMessage
            id={tried.isDone ? 'retract.again' : 'retract.send'}
            values={{ count: tried.answer.lines.length }}
          />
        </Button>
      )}
    </form>
  )
}
