import { useIntl, type IntlShape } from 'react-intl'
import type { Refusal } from './api-client.ts'
import type { MessageId } from './languages.ts'

/** A refusal in the editor's words, with the way out, beside the part that caused it. */
export function Fault({ refusal }: { readonly refusal: Refusal | undefined }) {
  const intl = useIntl()
  return (
    <div role="alert" className="fault">
      {refusal && faultText(intl, refusal)}
    </div>
  )
}

export function faultText(intl: IntlShape, refusal: Refusal): string {
  const id = `fault.${refusal.code}`
  if (!Object.hasOwn(intl.messages, id)) {
    return intl.formatMessage(
      { id: 'fault.other' satisfies MessageId },
      { code: refusal.code, detail: refusal.detail ?? '' },
    )
  }
  return intl.formatMessage(
    { id },
    { match: refusal.match?.text ?? '', most: refusal.maxGraphemes ?? 0, detail: refusal.detail ?? '' },
  )
}
