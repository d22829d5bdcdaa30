import { Button, Checkbox, TextInput } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { Refusal } from '../platform/api-client.ts'
import type { Change, Draft } from './draft.ts'
import { fieldFault } from './field-fault.ts'
import { LineChanges } from './line-changes.tsx'
import type { ComposedLine } from './wish.ts'

export interface CorrectionPartProps {
  readonly feed: FeedTitle
  readonly line: ComposedLine
  /** The line is out: the words are a correction. */
  readonly isCorrection: boolean
  readonly draft: Draft
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  readonly onChange: (change: Change) => void
}

/** The changes of a line that is open in the composer, and the word to its readers. */
export function CorrectionPart(props: CorrectionPartProps) {
  const { feed, line, isCorrection, draft, refusal, isSending, onChange } = props
  const intl = useIntl()
  const { content, contentVersion = line.version } = line
  if (!content) return null
  return (
    <>
      {draft.seen !== undefined && contentVersion > draft.seen && (
        <div role="alert" className="composer-row">
          <span className="fault">
            <FormattedMessage
              id="composer.changedMeanwhile"
              values={{
                text: (
                  <bdi lang={feed.lang} dir={feed.dir}>
                    {content.text}
                  </bdi>
                ),
              }}
            />
          </span>
          <Button size="xs" variant="default" onClick={() => onChange({ seen: contentVersion })}>
            <FormattedMessage id="composer.seen" />
          </Button>
        </div>
      )}
      <LineChanges feed={feed} before={content} words={draft.words} />
      {isCorrection && (
        <>
          <TextInput
            label={<FormattedMessage id="act.note" />}
            description={<FormattedMessage id="composer.noteHint" />}
            lang={feed.lang}
            dir={feed.dir}
            value={draft.note}
            error={fieldFault(intl, refusal, 'note')}
            readOnly={isSending}
            onChange={(event) => onChange({ note: event.currentTarget.value })}
          />
          {content.story !== undefined && (
            <Checkbox
              label={
                <FormattedMessage id="composer.cascade" values={{ story: <bdi>{content.story}</bdi> }} />
              }
              checked={draft.cascade}
              disabled={isSending}
              onChange={(event) => onChange({ cascade: event.currentTarget.checked })}
            />
          )}
        </>
      )}
    </>
  )
}
