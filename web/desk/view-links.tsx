import { FormattedMessage, useIntl } from 'react-intl'
import type { Session } from './platform/api-client.ts'
import { namesFor, type ViewName } from './views.ts'

export interface ViewLinksProps {
  readonly session: Session
  readonly open: ViewName
}

/** Links to the views of the desk that are of use to the person. */
export function ViewLinks({ session, open }: ViewLinksProps) {
  const intl = useIntl()
  return (
    <nav className="view-links" aria-label={intl.formatMessage({ id: 'desk.views' })}>
      {namesFor(session).map((name) => (
        <a key={name} href={`#/${name}`} aria-current={name === open ? 'page' : undefined}>
          <FormattedMessage id={`view.${name}`} />
        </a>
      ))}
    </nav>
  )
}
