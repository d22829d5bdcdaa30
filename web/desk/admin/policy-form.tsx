import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { FormattedMessage, useIntl } from 'react-intl'
import type { Policy, StoredPolicy } from '../../../src/protocol/policy.ts'
import type { ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'
import { useAct } from '../platform/use-act.ts'
import { AmountField } from './amount-field.tsx'
import { PolicyChangeList } from './policy-change-list.tsx'
import { PolicyTable } from './policy-table.tsx'
import { RetentionMeaning } from './retention-meaning.tsx'

export interface PolicyFormProps {
  readonly api: ApiClient
  readonly feed: string
  readonly path: string
  readonly stored: StoredPolicy
  readonly onDone: (stored: StoredPolicy) => void
}

const HOUR_MS = 3_600_000
const days = ['wordsDays', 'auditDays', 'addressesDays'] as const

/** Changes a feed's policy. Before it is sent, the form says what the change will mean. */
export function PolicyForm({ api, feed, path, stored, onDone }: PolicyFormProps) {
  const intl = useIntl()
  const [policy, setPolicy] = useState<Policy>(stored.policy)
  const act = useAct()
  const change = (part: Partial<Policy>) => setPolicy((now) => ({ ...now, ...part }))
  const send = () =>
    api.call<StoredPolicy>(path, {
      method: 'PUT',
      body: policy,
      headers: { 'If-Match': `"${stored.version}"` },
    })
  const keep = (part: (typeof days)[number], amount: number | undefined) => {
    const { [part]: _, ...others } = policy.retention ?? {}
    change({ retention: amount === undefined ? others : { ...others, [part]: amount } })
  }

  return (
    <form
      className="view-form"
      onSubmit={(event) => {
        event.preventDefault()
        act.run(send, onDone)
      }}
    >
      <PolicyTable policy={policy} onChange={change} />
      <AmountField
        label="policy.text"
        value={policy.maxGraphemes}
        most={280}
        onChange={(maxGraphemes = 0) => change({ maxGraphemes })}
      />
      <AmountField
        label="policy.duplicates"
        value={policy.duplicateWithinMs}
        unit={HOUR_MS}
        onChange={(duplicateWithinMs = 0) => change({ duplicateWithinMs })}
      />
      <AmountField
        label="policy.pace"
        value={policy.releasesPerMinute}
        onChange={(releasesPerMinute = 0) => change({ releasesPerMinute })}
      />
      <AmountField
        label="policy.drift"
        value={policy.maxDriftMs}
        unit={1_000}
        onChange={(maxDriftMs = 0) => change({ maxDriftMs })}
      />
      <NativeSelect
        size="xs"
        label={<FormattedMessage id="policy.factor" />}
        value={String(policy.flashNeedsSecondFactor)}
        data={['true', 'false'].map((value) => ({
          value,
          label: intl.formatMessage({ id: value === 'true' ? 'policy.yes' : 'policy.no' }),
        }))}
        onChange={({ currentTarget: { value } }) => change({ flashNeedsSecondFactor: value === 'true' })}
      />
      <fieldset className="view-fields">
        <legend>
          <FormattedMessage id="policy.retention" />
        </legend>
        {days.map((part) => (
          <AmountField
            key={part}
            label={`policy.${part}`}
            value={policy.retention?.[part]}
            isOptional
            onChange={(amount) => keep(part, amount)}
          />
        ))}
      </fieldset>
      <div className="policy-meaning" role="status">
        <FormattedMessage id="policy.meaning" /> <PolicyChangeList before={stored.policy} after={policy} />
        <RetentionMeaning api={api} feed={feed} before={stored.policy} after={policy} />
        <p className="dim">
          <FormattedMessage id="policy.help" />
        </p>
      </div>
      <Fault refusal={act.refusal} />
      <Button type="submit" loading={act.isBusy}>
        <FormattedMessage id="policy.send" />
      </Button>
    </form>
  )
}
