import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { FormattedDate, FormattedMessage } from 'react-intl'
import type { Policy } from '../../../src/protocol/policy.ts'
import { RefusedError, type ApiClient } from '../platform/api-client.ts'
import { Fault } from '../platform/fault.tsx'

/** The API counts no further: there may be more. */
const MOST_COUNTED = 2_000

interface Going {
  readonly before: string
  readonly count: number
}

interface Preview {
  readonly words?: Going
  readonly audit?: Going
  readonly addresses?: Going
}

const parts = { words: 'wordsDays', audit: 'auditDays', addresses: 'addressesDays' } as const
const names = ['words', 'audit', 'addresses'] as const

export interface RetentionMeaningProps {
  readonly api: ApiClient
  readonly feed: string
  readonly before: Policy
  readonly after: Policy
}

/** The erasures of another retention, in words. They begin within the hour after it is saved, and are for good. */
export function RetentionMeaning({ api, feed, before, after }: RetentionMeaningProps) {
  const shorter = names.filter((name) =>
    isShorter(before.retention?.[parts[name]], after.retention?.[parts[name]]),
  )
  const query = new URLSearchParams(
    shorter.map((name): [string, string] => [parts[name], String(after.retention?.[parts[name]])]),
  ).toString()
  const { data, error } = useQuery({
    queryKey: ['retention', feed, query],
    queryFn: () => api.read<Preview>(`/v1/feeds/${feed}/retention/preview?${query}`),
    enabled: query !== '',
    placeholderData: keepPreviousData,
  })
  if (query === '') return null
  const going = shorter.flatMap((name) => {
    const it = data?.[name]
    return it ? [{ name, ...it }] : []
  })
  return (
    <>
      <Fault refusal={error instanceof RefusedError ? error.refusal : undefined} />
      <ul data-retention-meaning>
        {going.map(({ name, before: time, count }) => (
          <li key={name} className={count > 0 ? 'fault' : undefined}>
            <FormattedMessage
              id={`policy.goes.${name}`}
              values={{
                count,
                more: String(name === 'words' && count >= MOST_COUNTED),
                time: <FormattedDate value={time} dateStyle="medium" timeStyle="short" />,
              }}
            />
          </li>
        ))}
      </ul>
    </>
  )
}

/** An absent number of days keeps for ever. */
function isShorter(before = Infinity, after = Infinity): boolean {
  return after < before
}
