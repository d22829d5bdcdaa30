import './composer.css'
import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type KeyboardEvent } from 'react'
import { FormattedMessage, FormattedNumber, useIntl } from 'react-intl'
import { urgencies } from '../../../src/protocol/lists/urgencies.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import type { DoneAct } from '../lines/receipts.tsx'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { CorrectionPart } from './correction-part.tsx'
import { graphemesIn } from './draft.ts'
import { fieldFault, isAtField } from './field-fault.ts'
import { FlashQuestion } from './flash-question.tsx'
import { labelOf } from './label-of.ts'
import { mayPublish, type FeedPolicy } from './may-publish.ts'
import { MoreFields } from './more-fields.tsx'
import { ReleasePart } from './release-part.tsx'
import { useComposer } from './use-composer.ts'
import type { ComposedLine, Then } from './wish.ts'
import { mainAct, mayTakeTime } from './wish-of.ts'
import { instantOf, needsChoice } from './zoned-time.ts'

const USUAL_MOST = 280

export interface ComposerFormProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: FeedTitle
  readonly readers: number | undefined
  /** The name of the draft in this browser. */
  readonly name: string
  readonly line: ComposedLine | undefined
  /** The keyboard goes to the text at once. */
  readonly takesFocus: boolean
  readonly onDone: (act: DoneAct) => void
  readonly onClose: () => void
}

/** Writes a line and sends it: published where the policy lets this person, else submitted for approval. */
export function ComposerForm(props: ComposerFormProps) {
  const { api, session, feed, readers, name, line, takesFocus, onDone, onClose } = props
  const intl = useIntl()
  const field = useRef<HTMLTextAreaElement>(null)
  const [asksAgain, setAsksAgain] = useState(false)
  const [asksTime, setAsksTime] = useState(false)
  const { draft, refusal, isSending, change, send, clear } = useComposer(
    api,
    { feed: feed.id, name, line },
    (act) => {
      onDone(act)
      document.querySelector<HTMLElement>('[data-composer]')?.focus()
    },
  )
  const { data: policy } = useQuery({
    queryKey: ['policy', feed.id],
    queryFn: async () => (await api.read<{ policy: FeedPolicy }>(`/v1/feeds/${feed.id}/policy`)).policy,
  })

  const { words, releaseAt } = draft
  const goesAlone = mayPublish(session, feed.id, policy, words.urgency)
  const then = mainAct(line, goesAlone)
  const most = policy?.maxGraphemes ?? USUAL_MOST
  const length = graphemesIn(words.text)
  const isUnsure =
    (releaseAt !== undefined && instantOf(releaseAt) === undefined) || needsChoice(words.expiresAt)
  const parts = { draft, refusal, isSending, onChange: change }

  function wish(wanted: Then): void {
    if (words.text.trim() === '') return field.current?.focus()
    setAsksTime(isUnsure)
    if (isUnsure) document.querySelector<HTMLElement>('.composer [data-field="releaseAt"]')?.focus()
    else if (words.urgency === 'flash' && goesAlone && (wanted === 'release' || wanted === 'correct'))
      setAsksAgain(true)
    else send(wanted)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault()
      wish(then)
    }
  }

  return (
    <form
      className="composer stack"
      aria-label={intl.formatMessage({
        id: line ? `composer.title.${then === 'correct' ? then : 'edit'}` : 'composer.title',
      })}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault()
        wish(then)
      }}
    >
      {line && (
        <div className="composer-row">
          <strong>
            <FormattedMessage id={`composer.title.${then === 'correct' ? then : 'edit'}`} />
          </strong>
          <Button size="xs" variant="default" onClick={onClose}>
            <FormattedMessage id="composer.leave" />
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={isSending}
            onClick={() => {
              clear()
              onClose()
            }}
          >
            <FormattedMessage id="composer.drop" />
          </Button>
        </div>
      )}
      <Textarea
        ref={field}
        label={<FormattedMessage id="composer.text" />}
        rows={3}
        lang={feed.lang}
        dir={feed.dir}
        autoFocus={takesFocus}
        value={words.text}
        error={fieldFault(intl, refusal, 'text')}
        readOnly={isSending}
        data-composer
        onChange={(event) => change({ text: event.currentTarget.value })}
      />
      <p className="budget" data-over={length > most || undefined}>
        <FormattedMessage
          id="composer.budget"
          values={{ length: <FormattedNumber value={length} />, most: <FormattedNumber value={most} /> }}
        />
      </p>
      <MoreFields feed={feed} {...parts} />
      {mayTakeTime(line) && <ReleasePart isAsked={asksTime && isUnsure} {...parts} />}
      {line && <CorrectionPart feed={feed} line={line} isCorrection={then === 'correct'} {...parts} />}
      <div className="composer-row">
        <NativeSelect
          label={<FormattedMessage id="composer.urgency" />}
          value={words.urgency}
          disabled={isSending}
          data={urgencies.map((value) => ({ value, label: intl.formatMessage({ id: `urgency.${value}` }) }))}
          onChange={({ currentTarget: { value } }) => {
            const urgency = urgencies.find((each) => each === value)
            if (urgency) change({ urgency })
          }}
        />
        <TextInput
          className="composer-reason"
          label={<FormattedMessage id="composer.reason" />}
          value={draft.reason}
          error={fieldFault(intl, refusal, 'reason')}
          readOnly={isSending}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
        {line === undefined && (
          <Button variant="default" disabled={isSending} onClick={() => wish('keep')}>
            <FormattedMessage id="composer.keep" />
          </Button>
        )}
        {line !== undefined && then !== 'keep' && then !== 'correct' && (
          <Button variant="default" disabled={isSending} onClick={() => wish('keep')}>
            <FormattedMessage id="composer.save" />
          </Button>
        )}
        <Button type="submit" loading={isSending} color={words.urgency === 'flash' ? 'red' : 'blue'}>
          <FormattedMessage id={labelOf(draft, draft.sent?.then ?? then, line)} />
        </Button>
      </div>
      {draft.sent !== undefined && !isSending && refusal === undefined && (
        <p className="fault" role="alert">
          <FormattedMessage id="composer.noAnswer" />
        </p>
      )}
      {!(refusal && isAtField(refusal)) && <Fault refusal={refusal} />}
      {refusal?.code === 'duplicate-headline' && (
        <Button variant="default" onClick={() => send(then, { force: true })}>
          <FormattedMessage id="composer.force" />
        </Button>
      )}
      <FlashQuestion
        feed={feed}
        isOpen={asksAgain}
        draft={draft}
        readers={readers}
        onSend={() => send(then)}
        onClose={() => setAsksAgain(false)}
      />
    </form>
  )
}
