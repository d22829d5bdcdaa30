import { Button, Checkbox } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import { embargoAhead } from '../platform/embargo-ahead.ts'
import { EmbargoEnd } from '../platform/embargo-end.tsx'
import { serverClock } from '../platform/server-clock.ts'
import type { Refusal } from '../platform/api-client.ts'
import type { Draft } from './draft.ts'
import { fieldFault } from './field-fault.ts'
import { TimeField } from './time-field.tsx'
import type { ComposedLine } from './wish.ts'
import { plannedAt } from './planned-at.ts'
import { localTimeAt, ownZone, type LocalTime } from './zoned-time.ts'

/** The time that the author chooses; `null`: none. */
export interface ReleaseChange {
  readonly releaseAt?: LocalTime | null
  readonly embargo?: boolean
}

export interface ReleasePartProps {
  readonly draft: Pick<Draft, 'releaseAt' | 'embargo'>
  /** The line that is open; undefined for a new one. */
  readonly line: ComposedLine | undefined
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  /** The author wished to send it, and the time is not certain. */
  readonly isAsked: boolean
  readonly onChange: (change: ReleaseChange) => void
}

/** Opens the time of the release: a schedule, or an embargo that the newsroom keeps until then. */
export function ReleasePart({ draft, line, refusal, isSending, isAsked, onChange }: ReleasePartProps) {
  const intl = useIntl()
  const { releaseAt } = draft
  const isOpen = releaseAt !== undefined
  const zone = releaseAt?.zone ?? ownZone()
  const at = line && plannedAt(line)
  const embargoEnd = line && embargoAhead(line, serverClock.now())
  return (
    <>
      <Button
        className="composer-more"
        variant="default"
        size="xs"
        aria-expanded={isOpen}
        disabled={isSending}
        onClick={() =>
          onChange({
            releaseAt: isOpen
              ? null
              : at === undefined || at < serverClock.now()
                ? { local: '', zone }
                : localTimeAt(at, zone),
          })
        }
      >
        <FormattedMessage id={isOpen ? 'composer.noTime' : 'composer.atTime'} />
      </Button>
      {embargoEnd !== undefined && (
        <span className="budget">
          <EmbargoEnd until={embargoEnd} />
        </span>
      )}
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
      {isOpen && (
        <Checkbox
          label={<FormattedMessage id="composer.embargo" />}
          checked={draft.embargo ?? embargoEnd !== undefined}
          disabled={isSending}
          onChange={(event) => onChange({ embargo: event.currentTarget.checked })}
        />
      )}
    </>
  )
}
