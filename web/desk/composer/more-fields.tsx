import { Button, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { FeedTitle } from '../../sdk/types.ts'
import type { Refusal } from '../platform/api-client.ts'
import type { Change, Draft } from './draft.ts'
import { fieldFault } from './field-fault.ts'
import { TimeField } from './time-field.tsx'
import { moreFields, type MoreField } from './words.ts'

export interface MoreFieldsProps {
  readonly feed: FeedTitle
  readonly draft: Draft
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  readonly onChange: (change: Change) => void
}

/** The fields in the feed's language; the others take codes. */
const spoken: readonly MoreField[] = ['speaker', 'source']

/** The fields that few lines need. They stay open while one of them is filled or at fault. */
export function MoreFields({ feed, draft: { words }, refusal, isSending, onChange }: MoreFieldsProps) {
  const intl = useIntl()
  const [isChosen, setIsChosen] = useState(false)
  const part = useId()
  const isFilled = moreFields.some((field) => words[field] !== '') || words.expiresAt !== undefined
  const isAtFault = [...moreFields, 'expiresAt' as const].some((field) => fieldFault(intl, refusal, field))
  const isOpen = isChosen || isFilled || isAtFault
  return (
    <>
      <Button
        className="composer-more"
        variant="default"
        size="xs"
        aria-expanded={isOpen}
        aria-controls={part}
        onClick={() => setIsChosen(!isChosen)}
      >
        <FormattedMessage id="composer.more" />
      </Button>
      <div id={part} className="composer-fields" hidden={!isOpen}>
        {isOpen && (
          <>
            {moreFields.map((field) => (
              <TextInput
                key={field}
                label={<FormattedMessage id={`composer.${field}`} />}
                value={words[field]}
                error={fieldFault(intl, refusal, field)}
                readOnly={isSending}
                {...(spoken.includes(field)
                  ? { lang: feed.lang, dir: feed.dir }
                  : { dir: 'ltr', spellCheck: false, autoCapitalize: 'none' })}
                onChange={(event) => onChange({ [field]: event.currentTarget.value })}
              />
            ))}
            <TimeField
              label="composer.expiresAt"
              name="expiresAt"
              time={words.expiresAt}
              fault={fieldFault(intl, refusal, 'expiresAt')}
              isReadOnly={isSending}
              onChange={(expiresAt) => onChange({ expiresAt })}
            />
          </>
        )}
      </div>
    </>
  )
}
