import { Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { CorrectionPart } from '../composer/correction-part.tsx'
import { fieldFault, isAtField } from '../composer/field-fault.ts'
import { labelOf } from '../composer/label-of.ts'
import { mayPublish, type FeedPolicy } from '../composer/may-publish.ts'
import { useComposer } from '../composer/use-composer.ts'
import { useWish } from '../composer/use-wish.ts'
import type { ApiClient, Session } from '../platform/api-client.ts'
import { LineColleagues } from '../lines/line-colleagues.tsx'
import { usePresence } from '../lines/use-presence.ts'
import { Fault } from '../platform/fault.tsx'
import { FlashQuestion } from '../platform/flash-question.tsx'
import type { Part } from './edition.ts'

export interface PartCorrectionProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: FeedTitle
  readonly part: Part
  readonly onDone: () => void
}

/** Corrects one part, with a note for the readers of its feed. Its draft is the one of the newsroom's composer. */
export function PartCorrection({ api, session, feed, part, onDone }: PartCorrectionProps) {
  const intl = useIntl()
  const field = useRef<HTMLTextAreaElement>(null)
  const line = { ...part, allowed: [] }
  const name = `draft:${session.person}:${feed.id}:${part.id}`
  const composer = useComposer(api, { feed: feed.id, name, line }, onDone)
  const { draft, refusal, isSending, change, send } = composer
  const { data: policy } = useQuery({
    queryKey: ['policy', feed.id],
    queryFn: async () => (await api.read<{ policy: FeedPolicy }>(`/v1/feeds/${feed.id}/policy`)).policy,
  })
  const goesAlone = mayPublish(session, feed.id, policy, draft.words.urgency)
  const { asksFlash, wish, endFlash } = useWish(composer, field, goesAlone)
  usePresence(api, session, feed.id, {
    headline: part.id,
    version: part.version,
    doing: asksFlash ? 'deciding' : 'editing',
  })
  const colleagues = <LineColleagues session={session} feed={feed.id} id={part.id} />
  return (
    <>
      <form
        className="stack"
        aria-label={intl.formatMessage({ id: 'edition.correct' }, { feed: feed.title })}
        onKeyDown={(event) => {
          // The page has an Enter of its own for all parts.
          if (!(event.ctrlKey || event.metaKey) || event.key !== 'Enter') return
          event.preventDefault()
          event.stopPropagation()
          wish('correct')
        }}
        onSubmit={(event) => {
          event.preventDefault()
          wish('correct')
        }}
      >
        {colleagues}
        <Textarea
          ref={field}
          label={<FormattedMessage id="composer.text" />}
          rows={3}
          lang={feed.lang}
          dir={feed.dir}
          autoFocus
          value={draft.words.text}
          error={fieldFault(intl, refusal, 'text')}
          readOnly={isSending}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
        <CorrectionPart
          feed={feed}
          line={line}
          isCorrection
          draft={draft}
          refusal={refusal}
          isSending={isSending}
          onChange={change}
        />
        <Button type="submit" size="xs" loading={isSending}>
          <FormattedMessage id={labelOf(draft, 'correct', line)} />
        </Button>
        {!(refusal && isAtField(refusal)) && <Fault refusal={refusal} />}
      </form>
      <FlashQuestion
        feed={feed}
        isOpen={asksFlash}
        text={draft.words.text}
        speaker={draft.words.speaker}
        readers={undefined}
        onSend={() => send('correct')}
        onClose={endFlash}
      >
        {colleagues}
      </FlashQuestion>
    </>
  )
}
