import { FormattedMessage, useIntl } from 'react-intl'
import type { MessageId } from '../platform/languages.ts'
import { useAddress } from '../platform/use-address.ts'
import type { PersonViewProps } from '../platform/view-props.ts'
import { FeedsPart } from './feeds-part.tsx'
import { InvitationsPart } from './invitations-part.tsx'
import { KeysPart } from './keys-part.tsx'
import { PartnersPart } from './partners-part.tsx'
import { PeoplePart } from './people-part.tsx'
import '../platform/table.css'

/** People, invitations, keys and partners are for admins; feeds are for chiefs too. */
const parts = {
  people: { title: 'admin.people', part: PeoplePart, isForAdmins: true },
  invitations: { title: 'admin.invitations', part: InvitationsPart, isForAdmins: true },
  keys: { title: 'admin.keys', part: KeysPart, isForAdmins: true },
  partners: { title: 'admin.partners', part: PartnersPart, isForAdmins: true },
  feeds: { title: 'admin.feeds', part: FeedsPart, isForAdmins: false },
} as const satisfies Readonly<Record<string, { title: MessageId; part: unknown; isForAdmins: boolean }>>

type PartName = keyof typeof parts

/** The administration, a part at a time: `#/admin/people`. */
export function AdminView({ api, session }: PersonViewProps) {
  const intl = useIntl()
  const [, chosen] = useAddress()
  const isAdmin = session.roles?.['*'] === 'admin'
  const names = (Object.keys(parts) as PartName[]).filter((name) => isAdmin || !parts[name].isForAdmins)
  const open = names.find((name) => name === chosen) ?? names[0] ?? 'feeds'
  const { part: Part, title } = parts[open]
  return (
    <section className="view-part" aria-labelledby="admin-title">
      <nav className="view-links" aria-label={intl.formatMessage({ id: 'admin.parts' })}>
        {names.map((name) => (
          <a key={name} href={`#/admin/${name}`} aria-current={name === open ? 'page' : undefined}>
            <FormattedMessage id={parts[name].title} />
          </a>
        ))}
      </nav>
      <h2 id="admin-title">
        <FormattedMessage id={title} />
      </h2>
      <Part api={api} session={session} />
    </section>
  )
}
