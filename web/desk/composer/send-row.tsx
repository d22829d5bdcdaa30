import { Button, NativeSelect, TextInput } from '@mantine/core'
import { FormattedMessage, useIntl } from 'react-intl'
import { urgencies } from '../../../src/protocol/lists/urgencies.ts'
import type { Refusal } from '../platform/api-client.ts'
import type { Change, Draft } from './draft.ts'
import { fieldFault } from './field-fault.ts'
import { labelOf } from './label-of.ts'
import type { ComposedLine, Then } from './wish.ts'

export interface SendRowProps {
  readonly line: ComposedLine | undefined
  readonly draft: Draft
  readonly refusal: Refusal | undefined
  readonly isSending: boolean
  /** The act of the main button. */
  readonly then: Then
  readonly onChange: (change: Change) => void
  readonly onKeep: () => void
}

/** The urgency, the note for the newsroom, and the buttons that send. */
export function SendRow({ line, draft, refusal, isSending, then, onChange, onKeep }: SendRowProps) {
  const intl = useIntl()
  const canKeep = then === 'release' || then === 'submit'
  return (
    <div className="composer-row">
      <NativeSelect
        label={<FormattedMessage id="composer.urgency" />}
        value={draft.words.urgency}
        disabled={isSending}
        data={urgencies.map((value) => ({ value, label: intl.formatMessage({ id: `urgency.${value}` }) }))}
        onChange={({ currentTarget: { value } }) => {
          const urgency = urgencies.find((each) => each === value)
          if (urgency) onChange({ urgency })
        }}
      />
      <TextInput
        className="composer-reason"
        label={<FormattedMessage id="composer.reason" />}
        value={draft.reason}
        error={fieldFault(intl, refusal, 'reason')}
        readOnly={isSending}
        onChange={(event) => onChange({ reason: event.currentTarget.value })}
      />
      {canKeep && (
        // A wish without an answer is sent again as it was, and not in another way.
        <Button variant="default" disabled={isSending || draft.sent !== undefined} onClick={onKeep}>
          <FormattedMessage id={labelOf(draft, 'keep', line)} />
        </Button>
      )}
      <Button type="submit" loading={isSending} color={draft.words.urgency === 'flash' ? 'red' : 'blue'}>
        <FormattedMessage id={labelOf(draft, draft.sent?.then ?? then, line)} />
      </Button>
    </div>
  )
}
