import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import { wordsOf, type Partner } from './partners.ts'

export interface PartnerFormProps {
  readonly api: ApiClient
  readonly onMade: () => void
}

const empty = { name: '', contact: '', feeds: '', origins: '', requestsPerMinute: '600', connections: '500' }
type Field = keyof typeof empty

const fields: readonly { readonly name: Field; readonly kind: 'text' | 'words' | 'number' }[] = [
  { name: 'name', kind: 'text' },
  { name: 'contact', kind: 'text' },
  { name: 'feeds', kind: 'words' },
  { name: 'origins', kind: 'words' },
  { name: 'requestsPerMinute', kind: 'number' },
  { name: 'connections', kind: 'number' },
]

/** Makes a partner. Its filter and its end are set by the API. */
export function PartnerForm({ api, onMade }: PartnerFormProps) {
  const [partner, setPartner] = useState(empty)
  const act = useAct()

  function make(): void {
    const { name, contact, feeds, origins, requestsPerMinute, connections } = partner
    const limits = { requestsPerMinute: Number(requestsPerMinute), connections: Number(connections) }
    const body = { name, contact, feeds: wordsOf(feeds), origins: wordsOf(origins), limits }
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
      {fields.map(({ name, kind }) => (
        <TextInput
          key={name}
          label={<FormattedMessage id={`partnersPart.${name}`} />}
          required={name !== 'origins'}
          {...(kind === 'words' && { dir: 'ltr' })}
          {...(kind === 'number' && { type: 'number', min: 1, max: 1_000_000 })}
          maxLength={name === 'name' ? 80 : 2_000}
          value={partner[name]}
          onChange={({ currentTarget: { value } }) => setPartner((now) => ({ ...now, [name]: value }))}
        />
      ))}
      <Button type="submit" loading={act.isBusy}>
        <FormattedMessage id="partnersPart.send" />
      </Button>
      <Fault refusal={act.refusal} />
    </form>
  )
}
