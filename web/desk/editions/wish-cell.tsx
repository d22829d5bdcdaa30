import { Button, Textarea } from '@mantine/core'
import { FormattedMessage, FormattedNumber, useIntl } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import { graphemesIn } from '../composer/draft.ts'
import { fieldFault } from '../composer/field-fault.ts'
import type { Refusal } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'

export interface WishCellProps {
  readonly feed: FeedTitle
  readonly text: string
  readonly most: number
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  readonly onChange: (text: string) => void
  /** The text is other news than the line that says the same. */
  readonly onForce: () => void
}

/** The words of one part. What the feed has refused stays red here until it is repaired. */
export function WishCell({ feed, text, most, refusal, isSending, onChange, onForce }: WishCellProps) {
  const intl = useIntl()
  const fault = fieldFault(intl, refusal, 'text')
  const length = graphemesIn(text)
  return (
    <>
      <Textarea
        label={<FormattedMessage id="edition.text" values={{ feed: feed.title }} />}
        rows={3}
        lang={feed.lang}
        dir={feed.dir}
        value={text}
        error={fault}
        readOnly={isSending}
        data-text={feed.id}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <p className="budget" data-over={length > most || undefined}>
        <FormattedMessage
          id="composer.budget"
          values={{ length: <FormattedNumber value={length} />, most: <FormattedNumber value={most} /> }}
        />
      </p>
      {fault === undefined && <Fault refusal={refusal} />}
      {refusal?.code === 'duplicate-headline' && (
        <Button variant="default" size="xs" onClick={onForce}>
          <FormattedMessage id="composer.force" />
        </Button>
      )}
    </>
  )
}
