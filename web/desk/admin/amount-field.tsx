import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { MessageId } from '../platform/languages.ts'

export interface AmountFieldProps {
  readonly label: MessageId
  /** Names the field where the label does not show. */
  readonly hiddenLabel?: string
  /** As the API has it; undefined only where it is optional. */
  readonly value: number | undefined
  /** How many units of the API one unit of the field is: 1000 for seconds in place of ms. */
  readonly unit?: number
  readonly most?: number
  readonly isOptional?: boolean
  readonly onChange: (value: number | undefined) => void
}

/** A number in the unit that people say. The text stays as it is typed. */
export function AmountField({
  label,
  hiddenLabel,
  value,
  unit = 1,
  most,
  isOptional = false,
  onChange,
}: AmountFieldProps) {
  const intl = useIntl()
  const [text, setText] = useState(value === undefined ? '' : String(value / unit))
  return (
    <TextInput
      size="xs"
      type="number"
      step="any"
      min={0}
      max={most}
      required={!isOptional}
      withAsterisk={false}
      {...(hiddenLabel === undefined
        ? { label: <FormattedMessage id={label} /> }
        : { 'aria-label': `${intl.formatMessage({ id: label })}, ${hiddenLabel}` })}
      value={text}
      onChange={({ currentTarget: { value: typed } }) => {
        setText(typed)
        if (typed !== '') onChange(Math.round(Number(typed) * unit))
        else if (isOptional) onChange(undefined)
      }}
    />
  )
}
