import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import { urgencies } from '../../../src/protocol/lists/urgencies.ts'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import { wordsOf, type Partner } from './partners.ts'

export interface PartnerFormProps {
  readonly api: ApiClient
  readonly onMade: () => void
}

const empty = {
  name: '',
  contact: '',
  feeds: '',
  origins: '',
  section: '',
  region: '',
  urgency: '',
  requestsPerMinute: '600',
  connections: '500',
  expiresAt: '',
  onAir: false,
}
type Field = keyof typeof empty

const fields: readonly {
  readonly name: Exclude<Field, 'urgency' | 'onAir'>
  readonly kind: 'text' | 'words' | 'number' | 'time'
  readonly isOptional?: true
}[] = [
  { name: 'name', kind: 'text' },
  { name: 'contact', kind: 'text' },
  { name: 'feeds', kind: 'words' },
  { name: 'origins', kind: 'words', isOptional: true },
  { name: 'section', kind: 'words', isOptional: true },
  { name: 'region', kind: 'words', isOptional: true },
  { name: 'requestsPerMinute', kind: 'number' },
  { name: 'connections', kind: 'number' },
  { name: 'expiresAt', kind: 'time', isOptional: true },
]

/** Makes a partner. */
export function PartnerForm({ api, onMade }: PartnerFormProps) {
  const intl = useIntl()
  const [partner, setPartner] = useState(empty)
  const act = useAct()

  function make(): void {
    const { name, contact, feeds, origins, requestsPerMinute, connections, expiresAt, onAir } = partner
    const limits = { requestsPerMinute: Number(requestsPerMinute), connections: Number(connections) }
    const body = {
      ...{
        name,
        contact,
        feeds: wordsOf(feeds),
        filter: filterOf(partner),
        origins: wordsOf(origins),
        limits,
      },
      // By the clock of this computer; the row of the partner shows it again.
      ...(expiresAt !== '' && { expiresAt: new Date(expiresAt).toISOString() }),
      ...(onAir && { onAir }),
    }
    act.run(
      () => api.call<Partner>('/v1/partners', { method: 'POST', body }),
      () => {
        setPartner(empty)
        onMade()
      },
    )
  }

  return (
    <form
      className="view-form"
      onSubmit={(event) => {
        event.preventDefault()
        make()
      }}
    >
      {fields.map(({ name, kind, isOptional = false }) => (
        <TextInput
          key={name}
          label={<FormattedMessage id={`partnersPart.${name}`} />}
          required={!isOptional}
          {...(kind === 'words' && { dir: 'ltr' })}
          {...(kind === 'number' && { type: 'number', min: 1, max: 1_000_000 })}
          {...(kind === 'time' && { type: 'datetime-local' })}
          maxLength={name === 'name' ? 80 : 2_000}
          value={partner[name]}
          onChange={({ currentTarget: { value } }) => setPartner((now) => ({ ...now, [name]: value }))}
        />
      ))}
      <NativeSelect
        label={<FormattedMessage id="partnersPart.urgency" />}
        value={partner.urgency}
        data={[
          { value: '', label: intl.formatMessage({ id: 'partnersPart.everyUrgency' }) },
          ...urgencies.map((value) => ({ value, label: intl.formatMessage({ id: `urgency.${value}` }) })),
        ]}
        onChange={({ currentTarget: { value } }) => setPartner((now) => ({ ...now, urgency: value }))}
      />
      <Checkbox
        label={<FormattedMessage id="partnersPart.onAirField" />}
        checked={partner.onAir}
        onChange={({ currentTarget: { checked } }) => setPartner((now) => ({ ...now, onAir: checked }))}
      />
      <Button type="submit" loading={act.isBusy}>
        <FormattedMessage id="partnersPart.send" />
      </Button>
      <Fault refusal={act.refusal} />
    </form>
  )
}

/** Empty fields leave their part of the filter out: then the partner gets all headlines. */
function filterOf({ section, region, urgency }: typeof empty): object {
  const [sections, regions] = [wordsOf(section), wordsOf(region)]
  return {
    ...(sections.length > 0 && { section: sections }),
    ...(regions.length > 0 && { region: regions }),
    ...(urgency !== '' && { urgency }),
  }
}
