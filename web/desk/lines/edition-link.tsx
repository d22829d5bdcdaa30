import { FormattedMessage } from 'react-intl'

/** The way from a line to the other parts of its edition. */
export function EditionLink({ edition }: { readonly edition: string | undefined }) {
  if (edition === undefined) return null
  return (
    <a href={`#/editions/${edition}`}>
      <FormattedMessage id="edition.open" />
    </a>
  )
}
