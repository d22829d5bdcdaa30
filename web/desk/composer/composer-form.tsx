import { Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type KeyboardEvent } from 'react'
import { FormattedMessage, FormattedNumber, useIntl } from 'react-intl'
import { urgencies } from '../../../src/protocol/lists/urgencies.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { graphemesIn } from './draft.ts'
import { Fault, textFault } from '../platform/fault.tsx'
import { mayPublish, type FeedPolicy } from './may-publish.ts'
import type { DoneAct } from '../lines/receipts.tsx'
import { useComposer } from './use-composer.ts'

const USUAL_MOST = 280

export interface ComposerFormProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: FeedTitle
  /** Readers of the feed, once a release has counted them. */
  readonly readers: number | undefined
  readonly onDone: (act: DoneAct) => void
}

/** Writes a new headline and sends it: published where the policy lets this person, else submitted for approval. */
export function ComposerForm({ api, session, feed, readers, onDone }: ComposerFormProps) {
  const intl = useIntl()
  const field = useRef<HTMLTextAreaElement>(null)
  const [asksAgain, setAsksAgain] = useState(false)
  const name = `draft:${session.person}:${feed.id}`
  const { draft, refusal, isSending, change, send } = useComposer(api, { feed: feed.id, name }, (act) => {
    onDone(act)
    field.current?.focus()
  })
  const { data: policy } = useQuery({
    queryKey: ['policy', feed.id],
    queryFn: async () => (await api.read<{ policy: FeedPolicy }>(`/v1/feeds/${feed.id}/policy`)).policy,
  })

  const then = mayPublish(session, feed.id, policy, draft.urgency) ? 'release' : 'submit'
  const most = policy?.maxGraphemes ?? USUAL_MOST
  const length = graphemesIn(draft.text)
  const fault = refusal && textFault(intl, refusal)

  function wish(): void {
    if (draft.text.trim() === '') field.current?.focus()
    else if (draft.urgency === 'flash' && then === 'release') setAsksAgain(true)
    else send(then)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault()
      wish()
    }
  }

  return (
    <form
      className="composer stack"
      aria-label={intl.formatMessage({ id: 'composer.title' })}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault()
        wish()
      }}
    >
      <Textarea
        ref={field}
        label={<FormattedMessage id="composer.text" />}
        rows={3}
        lang={feed.lang}
        dir={feed.dir}
        value={draft.text}
        error={fault}
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
      <div className="composer-row">
        <NativeSelect
          label={<FormattedMessage id="composer.urgency" />}
          value={draft.urgency}
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
          readOnly={isSending}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
        <Button type="submit" loading={isSending} color={draft.urgency === 'flash' ? 'red' : 'blue'}>
          <FormattedMessage id={`composer.${draft.sent ?? then}`} />
        </Button>
      </div>
      {draft.sent !== undefined && !isSending && refusal === undefined && (
        <p className="fault" role="alert">
          <FormattedMessage id="composer.noAnswer" />
        </p>
      )}
      {fault === undefined && <Fault refusal={refusal} />}
      {refusal?.code === 'duplicate-headline' && (
        <Button variant="default" onClick={() => send(then, { force: true })}>
          <FormattedMessage id="composer.force" />
        </Button>
      )}
      <Modal
        opened={asksAgain}
        onClose={() => setAsksAgain(false)}
        withCloseButton={false}
        title={<FormattedMessage id="flash.title" />}
      >
        <div className="stack">
          <blockquote lang={feed.lang} dir={feed.dir} className="quote">
            {draft.text}
          </blockquote>
          {readers !== undefined && (
            <p>
              <FormattedMessage id="flash.readers" values={{ count: readers }} />
            </p>
          )}
          <Button
            color="red"
            data-autofocus
            onClick={() => {
              setAsksAgain(false)
              send(then)
            }}
          >
            <FormattedMessage id="flash.send" />
          </Button>
          <Button variant="default" onClick={() => setAsksAgain(false)}>
            <FormattedMessage id="flash.back" />
          </Button>
        </div>
      </Modal>
    </form>
  )
}
