import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { ReleaseTime } from '../platform/release-time.tsx'
import type { MessageId } from '../platform/languages.ts'
import { instantOf, instantsOf, ownZone, type LocalTime } from './zoned-time.ts'

export interface TimeFieldProps {
  readonly label: MessageId
  readonly time: LocalTime | undefined
  /** null: no time. */
  readonly onChange: (time: LocalTime | null) => void
  readonly fault: string | undefined
  readonly isReadOnly: boolean
  /** Marks the field for the keyboard. */
  readonly name: string
}

/**
 * A date and time on the clocks of a zone. A time that the clock change skips or repeats is named, and its author chooses
 * which instant is meant.
 */
export function TimeField({ label, time, onChange, fault, isReadOnly, name }: TimeFieldProps) {
  const intl = useIntl()
  const [chosenZone, setChosenZone] = useState(ownZone)
  const question = useId()
  const { local = '', zone = chosenZone } = time ?? {}
  const instants = instantsOf({ local, zone })
  const at = instantOf(time)
  const isUnsure = instants.kind === 'twice' || instants.kind === 'missing'
  return (
    <div className="stack composer-time">
      <div className="composer-row">
        <TextInput
          type="datetime-local"
          label={<FormattedMessage id={label} />}
          value={local}
          error={fault}
          readOnly={isReadOnly}
          data-field={name}
          onChange={({ currentTarget: { value } }) => onChange(value === '' ? null : { local: value, zone })}
        />
        <NativeSelect
          label={<FormattedMessage id="composer.zone" />}
          value={zone}
          disabled={isReadOnly}
          data={zones()}
          onChange={({ currentTarget: { value } }) => {
            setChosenZone(value)
            if (local !== '') onChange({ local, zone: value })
          }}
        />
      </div>
      {isUnsure && (
        <div role="group" aria-labelledby={question} className="composer-row">
          <p id={question} className="fault" role="alert">
            <FormattedMessage
              id={instants.kind === 'twice' ? 'composer.timeTwice' : 'composer.timeMissing'}
              values={{ time: intl.formatDate(`${local}Z`, { ...shortTime, timeZone: 'UTC' }) }}
            />
          </p>
          {instants.options.map((option) => (
            <Button
              key={option}
              size="xs"
              variant={option === at ? 'filled' : 'default'}
              aria-pressed={option === at}
              disabled={isReadOnly}
              onClick={() => onChange({ local, zone, choice: option })}
            >
              <bdi>
                {intl.formatDate(option, { ...shortTime, timeZone: zone, timeZoneName: 'shortOffset' })}
              </bdi>
            </Button>
          ))}
        </div>
      )}
      {at !== undefined && (
        <p className="budget">
          <ReleaseTime at={new Date(at).toISOString()} />
        </p>
      )}
    </div>
  )
}

const shortTime = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** The person's own zone and UTC first. */
function zones(): string[] {
  return [...new Set([ownZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])]
}
