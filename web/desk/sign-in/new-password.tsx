import { TextInput } from '@mantine/core'
import { useIntl } from 'react-intl'
import type { Refusal } from '../platform/api-client.ts'
import type { MessageId } from '../platform/languages.ts'

export interface NewPasswordProps {
  readonly value: string
  readonly help?: MessageId
  /** The API's refusal; a password that is easy to guess is said at the field. */
  readonly refusal: Refusal | undefined
  readonly onChange: (password: string) => void
}

/** The field of a password that is chosen now. */
export function NewPassword({ value, help = 'password.rule', refusal, onChange }: NewPasswordProps) {
  const intl = useIntl()
  const weak = weakPassword(refusal)
  return (
    <TextInput
      type="password"
      label={intl.formatMessage({ id: 'password.new' })}
      description={intl.formatMessage({ id: help })}
      autoComplete="new-password"
      dir="ltr"
      required
      minLength={12}
      data-autofocus
      value={value}
      error={weak === undefined ? undefined : `${intl.formatMessage({ id: 'password.weak' })} (${weak})`}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** Why the API takes the password for easy to guess; undefined: that is not its refusal. */
export function weakPassword(refusal: Refusal | undefined): string | undefined {
  return refusal?.errors?.find(({ field }) => field === '/password')?.message
}
