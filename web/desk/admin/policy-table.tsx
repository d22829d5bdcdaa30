import { NativeSelect } from '@mantine/core'
import { useIntl } from 'react-intl'
import { isBreakingUrgency, urgencies, type Urgency } from '../../../src/protocol/lists/urgencies.ts'
import type { Policy } from '../../../src/protocol/policy.ts'
import { Table } from '../platform/table.tsx'
import { AmountField } from './amount-field.tsx'

export interface PolicyTableProps {
  readonly policy: Policy
  readonly onChange: (part: Partial<Policy>) => void
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const levels = ['reporter', 'editor', 'chief', 'nobody'] as const

/** The rules that differ by urgency, a row each. */
export function PolicyTable({ policy, onChange }: PolicyTableProps) {
  const intl = useIntl()
  const name = (urgency: Urgency) => intl.formatMessage({ id: `urgency.${urgency}` })
  const expire = (urgency: Urgency, part: Partial<Policy['expiry'][Urgency]>) =>
    onChange({ expiry: { ...policy.expiry, [urgency]: { ...policy.expiry[urgency], ...part } } })
  return (
    <Table
      caption="policy.byUrgency"
      columns={[
        'policy.urgency',
        'policy.alone',
        'policy.undo',
        'policy.expiry',
        'policy.longest',
        'policy.breaking',
      ]}
      empty="list.loading"
    >
      {urgencies.map((urgency) => (
        <tr key={urgency}>
          <th scope="row">{name(urgency)}</th>
          <td>
            <NativeSelect
              size="xs"
              aria-label={`${intl.formatMessage({ id: 'policy.alone' })}, ${name(urgency)}`}
              value={policy.alone[urgency]}
              data={levels.map((value) => ({
                value,
                label: intl.formatMessage({ id: `policy.alone.${value}` }),
              }))}
              onChange={({ currentTarget: { value } }) => {
                const level = levels.find((each) => each === value)
                if (level) onChange({ alone: { ...policy.alone, [urgency]: level } })
              }}
            />
          </td>
          <td>
            <AmountField
              label="policy.undo"
              hiddenLabel={name(urgency)}
              value={policy.undoMs[urgency]}
              unit={1_000}
              onChange={(undoMs = 0) => onChange({ undoMs: { ...policy.undoMs, [urgency]: undoMs } })}
            />
          </td>
          <td>
            <AmountField
              label="policy.expiry"
              hiddenLabel={name(urgency)}
              value={policy.expiry[urgency].defaultMs}
              unit={HOUR_MS}
              onChange={(defaultMs = 0) => expire(urgency, { defaultMs })}
            />
          </td>
          <td>
            <AmountField
              label="policy.longest"
              hiddenLabel={name(urgency)}
              value={policy.expiry[urgency].maxMs}
              unit={HOUR_MS}
              onChange={(maxMs = 0) => expire(urgency, { maxMs })}
            />
          </td>
          <td>
            {isBreakingUrgency(urgency) && (
              <AmountField
                label="policy.breaking"
                hiddenLabel={name(urgency)}
                value={policy.breakingMs[urgency]}
                unit={MINUTE_MS}
                onChange={(breakingMs = 0) =>
                  onChange({ breakingMs: { ...policy.breakingMs, [urgency]: breakingMs } })
                }
              />
            )}
          </td>
        </tr>
      ))}
    </Table>
  )
}
