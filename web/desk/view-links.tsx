import { FormattedMessage, useIntl } from 'react-intl'
import { viewNames } from './views.ts'

/** Links to the views of the desk. */
export function ViewLinks({ open }: { readonly open: string }) {
  const intl = useIntl()
  return (
    <nav className="view-links" aria-label={intl.formatMessage({ id: 'desk.views' })}>
      {viewNames.map((name) => (
        <a key={name} href={`#/${name}`} aria-current={name === open ? 'page' : undefined}>
          <FormattedMessage id={`view.${name}`} />
        </a>
      ))}
    </nav>
  )
}
