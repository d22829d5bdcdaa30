import './composer.css'
import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { isReleased } from '../../../src/protocol/lists/statuses.ts'
import type { FeedTitle } from '../../sdk/types.ts'
import type { DoneAct } from '../results/done-act.ts'
import { LineColleagues } from '../lines/line-colleagues.tsx'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { ComposerHead } from './composer-head.tsx'
import { CorrectionPart } from './correction-part.tsx'
import { draftFrom } from './draft.ts'
import { fieldFault, isAtField } from './field-fault.ts'
import { FlashQuestion } from '../platform/flash-question.tsx'
import { hasRole, mayPublish, type FeedPolicy } from './may-publish.ts'
import { MoreFields } from './more-fields.tsx'
import { Preview } from './preview.tsx'
import { ReleasePart } from './release-part.tsx'
import { ScratchOffer } from './scratch-offer.tsx'
import { SendRow } from './send-row.tsx'
import { TemplateDialog } from './template-dialog.tsx'
import { TemplateSelect } from './template-select.tsx'
import { openPlaceIn, useTemplates } from './templates.ts'
import { TextNotes } from './text-notes.tsx'
import { useComposer } from './use-composer.ts'
import { useDuplicate } from './use-duplicate.ts'
import { useScratch } from './use-scratch.ts'
import { useWish } from './use-wish.ts'
import type { ComposedLine } from './wish.ts'
import { mainAct, mayTakeTime } from './wish-of.ts'
import { instantOf } from './zoned-time.ts'

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
  /** The person is asked about the sending, or no more. */
  readonly onAsk: (asks: boolean) => void
}

/** Writes a line and sends it: published where the policy lets this person, else submitted for approval. */
export function ComposerForm(props: ComposerFormProps) {
  const { api, session, feed, readers, name, line, takesFocus, onDone, onClose, onAsk } = props
  const intl = useIntl()
  const field = useRef<HTMLTextAreaElement>(null)
  /** Esc was the last key: the answer to what was sent does not take the keyboard back. */
  const hasLeft = useRef(false)
  const [managesTemplates, setManagesTemplates] = useState(false)
  const templates = useTemplates(api, feed.id)
  const composer = useComposer(api, { feed: feed.id, name, line }, (act) => {
    onDone(act)
    if (!hasLeft.current) document.querySelector<HTMLElement>('[data-composer]')?.focus()
  })
  const { draft, isUntouched, refusal, isSending, change, send } = composer
  const offer = useScratch(api, {
    feed: feed.id,
    subject: line?.id ?? 'new',
    name,
    now: composer.unsent,
    read: draftFrom,
    onTake: composer.replace,
  })
  const { words } = draft
  const isOut = line !== undefined && isReleased(line.status)
  const match = useDuplicate(api, { feed: feed.id, text: words.text, id: line?.id, isOut })
  const { data: policy } = useQuery({
    queryKey: ['policy', feed.id],
    queryFn: async () => (await api.read<{ policy: FeedPolicy }>(`/v1/feeds/${feed.id}/policy`)).policy,
  })

  const goesAlone = mayPublish(session, feed.id, policy, words.urgency)
  const then = mainAct(line, goesAlone)
  const title = line ? (isOut ? 'composer.title.correct' : 'composer.title.edit') : 'composer.title'
  const { asksPlace, asksTime, asksFlash, wish, endFlash, select } = useWish(composer, field, goesAlone)
  useEffect(() => onAsk(asksFlash), [asksFlash, onAsk])
  const parts = { draft, refusal, isSending, onChange: change }

  function leave(): void {
    composer.clear()
    onClose()
  }

  function onKeyDown(event: KeyboardEvent): void {
    hasLeft.current = event.key === 'Escape'
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault()
      wish(then)
    }
  }

  // A dialog inside the form would send the form's events on to it.
  return (
    <>
      {line && (
        <ComposerHead
          api={api}
          session={session}
          feed={feed.id}
          line={line}
          title={title}
          isSending={isSending}
          onLeave={onClose}
          onDrop={leave}
          onDiscarded={(act) => {
            composer.clear()
            onDone(act)
          }}
        />
      )}
      <form
        className="composer stack"
        aria-label={intl.formatMessage({ id: title })}
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault()
          wish(then)
        }}
      >
        {offer && (
          <ScratchOffer offer={offer} replaces={!isUntouched}>
            <blockquote lang={feed.lang} dir={feed.dir} className="quote">
              {offer.draft.words.text}
            </blockquote>
          </ScratchOffer>
        )}
        <Textarea
          ref={field}
          label={<FormattedMessage id="composer.text" />}
          rows={3}
          lang={feed.lang}
          dir={feed.dir}
          autoFocus={takesFocus}
          value={words.text}
          error={
            fieldFault(intl, refusal, 'text') ??
            (asksPlace ? intl.formatMessage({ id: 'template.place' }) : undefined)
          }
          readOnly={isSending}
          data-composer
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
        <TextNotes feed={feed} words={words} most={policy?.maxGraphemes ?? USUAL_MOST} match={match} />
        <div className="composer-row">
          <MoreFields feed={feed} {...parts} />
          {mayTakeTime(line) && <ReleasePart line={line} isAsked={asksTime} {...parts} />}
          {line === undefined && (
            <TemplateSelect
              templates={templates}
              onManage={() => setManagesTemplates(true)}
              words={words}
              mayChange={hasRole(session, feed.id, 'editor')}
              onTake={(taken) => {
                change(taken)
                const place = openPlaceIn(taken.text)
                // The text is in the field after this turn.
                requestAnimationFrame(() =>
                  select(place ?? { start: taken.text.length, end: taken.text.length }),
                )
              }}
            />
          )}
        </div>
        {words.text.trim() !== '' && <Preview feed={feed} words={words} note={draft.note} />}
        {line && <CorrectionPart feed={feed} line={line} isCorrection={isOut} {...parts} />}
        <SendRow line={line} then={then} onKeep={() => wish('keep')} {...parts} />
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
      </form>
      <FlashQuestion
        feed={feed}
        isOpen={asksFlash}
        text={draft.words.text}
        speaker={draft.words.speaker}
        releaseAt={instantOf(draft.releaseAt)}
        readers={readers}
        onSend={() => send(then)}
        onClose={endFlash}
      >
        {line && <LineColleagues session={session} feed={feed.id} id={line.id} />}
      </FlashQuestion>
      {managesTemplates && (
        <TemplateDialog
          api={api}
          feed={feed.id}
          templates={templates}
          words={words}
          onClose={() => setManagesTemplates(false)}
        />
      )}
    </>
  )
}
