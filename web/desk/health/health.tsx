import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { FormattedMessage, FormattedNumber } from 'react-intl'
import type { ApiClient } from '../platform/api-client.ts'
import { useStill } from '../platform/calm.ts'
import type { MessageId } from '../platform/languages.ts'
import type { DeskStreamState } from '../lines/use-desk-stream.ts'

const CHECK_MS = 5_000

interface Readiness {
  readonly failing: readonly string[]
  readonly warnings: readonly string[]
  readonly durability?: string
  readonly overdueMs?: number
}

export interface HealthProps {
  readonly api: ApiClient
  readonly stream: DeskStreamState
}

/** The state of the service, and the counts of the newest release. */
export function Health({ api, stream: { isOpen, receipt: newest, overdueMs } }: HealthProps) {
  const receipt = useStill(newest)
  const { data: last, isError } = useQuery({
    queryKey: ['readiness'],
    queryFn: () => readinessOf(api),
    refetchInterval: CHECK_MS,
  })
  // The last answer says nothing about a service that does not answer now.
  const data = isError ? undefined : last
  const readers = receipt?.gateways.reduce((sum, gateway) => sum + gateway.readers, 0)
  const faults = data && [...data.failing, ...data.warnings]
  const oldestMs = data?.overdueMs ?? overdueMs
  return (
    <>
      <dl className="facts">
        <Fact name="health.service" isFault={!data || data.failing.length > 0}>
          <FormattedMessage
            id={!data ? 'health.unreachable' : data.failing.length > 0 ? 'health.notReady' : 'health.ready'}
          />
        </Fact>
        <Fact name="health.desk" isFault={!isOpen}>
          <FormattedMessage id={isOpen ? 'health.following' : 'health.reconnecting'} />
        </Fact>
        <Fact name="health.redis" isFault={data?.durability !== 'always'}>
          <FormattedMessage id={data?.durability === 'always' ? 'health.durable' : 'health.notDurable'} />
        </Fact>
        <Fact name="health.overdue" isFault={oldestMs > 0}>
          <FormattedMessage id="health.ms" values={{ ms: oldestMs }} />
        </Fact>
      </dl>
      {faults && faults.length > 0 && (
        <p className="fault">
          <FormattedMessage id="health.faults" values={{ faults: <bdi>{faults.join(', ')}</bdi> }} />
        </p>
      )}
      <h2>
        <FormattedMessage id="receipt.title" />
      </h2>
      {receipt ? (
        <dl className="facts" data-receipt={receipt.position}>
          <Fact name="receipt.position">
            <bdi>{receipt.position}</bdi>
          </Fact>
          <Fact name="receipt.readers">
            <FormattedNumber value={readers ?? 0} />
          </Fact>
          <Fact name="health.gateways">
            <FormattedNumber value={receipt.gateways.length} />
          </Fact>
          <Fact name="receipt.written">
            <FormattedNumber value={receipt.written} />
          </Fact>
          <Fact name="receipt.p50">
            <FormattedMessage id="health.ms" values={{ ms: receipt.p50Ms ?? 0 }} />
          </Fact>
          <Fact name="receipt.p99">
            <FormattedMessage id="health.ms" values={{ ms: receipt.p99Ms ?? 0 }} />
          </Fact>
          {receipt.cleared && (
            <Fact name="receipt.cleared" isFault={receipt.cleared.cleared < receipt.cleared.screens}>
              <FormattedMessage id="receipt.clearedOf" values={receipt.cleared} />
            </Fact>
          )}
        </dl>
      ) : (
        <p>
          <FormattedMessage id="receipt.none" />
        </p>
      )}
    </>
  )
}

interface FactProps {
  readonly name: MessageId
  readonly isFault?: boolean
  readonly children: ReactNode
}

function Fact({ name, isFault = false, children }: FactProps) {
  return (
    <div className="fact" data-fact={name} data-fault={isFault || undefined}>
      <dt>
        <FormattedMessage id={name} />
      </dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Not ready is an answer too (503). Errors: an error when the service does not answer. */
async function readinessOf(api: ApiClient): Promise<Readiness> {
  const outcome = await api.call<Readiness>('/readyz')
  if (outcome.kind === 'done') return outcome.body
  const { refusal } = outcome
  if ('failing' in refusal && 'warnings' in refusal) return refusal as unknown as Readiness
  throw new Error(refusal.code)
}
