import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { ShownOnce } from '../platform/shown-once.tsx'
import { Table } from '../platform/table.tsx'
import type { PersonViewProps } from '../platform/view-props.ts'
import { WebhooksSection } from './webhooks-section.tsx'
import { PartnerForm } from './partner-form.tsx'
import { PartnerRow } from './partner-row.tsx'
import type { IssuedKey } from './partners.ts'
import { usePartners, useReadPartnersAgain } from './use-partners.ts'

/** Partners with their keys and how much they have read. A new key is shown once. */
export function PartnersPart({ api, session }: PersonViewProps) {
  const partners = usePartners(api)
  const readAgain = useReadPartnersAgain()
  const [opened, setOpened] = useState<string>()
  const withWebhooks = partners?.find(({ id }) => id === opened)
  const [made, setMade] = useState<{ readonly name: string; readonly issued: IssuedKey }>()
  return (
    <>
      <PartnerForm api={api} onMade={readAgain} />
      {made && (
        <ShownOnce secret={made.issued.key} onDone={() => setMade(undefined)}>
          <FormattedMessage
            id={made.issued.waitsFor ? 'keysPart.madeWaits' : 'partnersPart.made'}
            values={{ name: <bdi>{made.name}</bdi> }}
          />
        </ShownOnce>
      )}
      <Table
        caption="partnersPart.caption"
        columns={[
          'people.name',
          'partnersPart.reads',
          'partnersPart.keys',
          'partnersPart.usageTitle',
          'people.acts',
        ]}
        empty="partnersPart.none"
      >
        {(partners ?? []).map((partner) => (
          <PartnerRow
            key={partner.id}
            api={api}
            shown={partner}
            own={session.person}
            onChanged={readAgain}
            isOpen={partner.id === opened}
            onOpen={() => setOpened((now) => (now === partner.id ? undefined : partner.id))}
            onKey={(issued) => {
              setMade({ name: partner.name, issued })
              readAgain()
            }}
          />
        ))}
      </Table>
      {withWebhooks && (
        <WebhooksSection key={withWebhooks.id} api={api} partner={withWebhooks} own={session.person} />
      )}
    </>
  )
}
