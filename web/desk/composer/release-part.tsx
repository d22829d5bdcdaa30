import { Button } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Refusal } from '../platform/api-client.ts'
import type { Change, Draft } from './draft.ts'
import { fieldFault } from './field-fault.ts'
import { TimeField } from './time-field.tsx'
import { ownZone } from './zoned-time.ts'

export interface ReleasePartProps {
  readonly draft: Draft
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  /** The author wished to send it, and the time is not certain. */
  readonly isAsked: boolean
  readonly onChange: (change: Change) => void
}

/** Opens the time of the release: a schedule, or an embargo that the newsroom keeps until then. */
export function ReleasePart({ draft, refusal, isSending, isAsked, onChange }: ReleasePartProps) {
  const intl = useIntl()
  const { releaseAt } = draft
  const isOpen = releaseAt !== undefined
  const zone = releaseAt?.zone ?? ownZone()
  return (
    <>
      <Button
        className="composer-more"
        variant="default"
        size="xs"
        aria-expanded={isOpen}
        disabled={isSending}
        onClick={() => onChange({ releaseAt: isOpen ? null : { local: '', zone } })}
      >
        <FormattedMessage id={isOpen ? 'composer.noTime' : 'composer.atTime'} />
      </Button>
      {isOpen && (
        <TimeField
          label="composer.releaseAt"
          name="releaseAt"
          time={releaseAt}
          fault={
            fieldFault(intl, refusal, 'releaseAt') ??
            (isAsked ? intl.formatMessage({ id: 'composer.whichTime' }) : undefined)
          }
          isReadOnly={isSending}
          onChange={(time) => onChange({ releaseAt: time ?? { local: '', zone } })}
        />
      )}
    </>
  )
}
