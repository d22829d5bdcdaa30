import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { FormattedDate, FormattedMessage } from 'react-intl'
import type { StoredPolicy } from '../../../src/protocol/policy.ts'
import type { ViewProps } from '../platform/view-props.ts'
import { ApproveButton } from './approve-button.tsx'
import type { Stopped } from './people.ts'
import { PolicyChangeList } from './policy-change-list.tsx'
import { PolicyForm } from './policy-form.tsx'
import { RetentionMeaning } from './retention-meaning.tsx'

type SetPolicy = StoredPolicy & Stopped

/** A feed's policy, and the wider one that waits for a second person. */
export function PolicyPart({ api, session, feed }: ViewProps) {
  const queries = useQueryClient()
  const path = `/v1/feeds/${feed.id}/policy`
  const { data: stored } = useQuery({
    queryKey: ['stored-policy', feed.id],
    queryFn: () => api.read<StoredPolicy>(path),
  })
  const [answer, setAnswer] = useState<'set' | 'waits'>()
  const [stopped, setStopped] = useState(0)
  if (!stored) return <FormattedMessage id="list.loading" />

  function changed(now: SetPolicy): void {
    queries.setQueryData(['stored-policy', feed.id], now)
    // The composer has read the policy too.
    void queries.invalidateQueries({ queryKey: ['policy', feed.id] })
    setAnswer(now.proposal ? 'waits' : 'set')
    setStopped(now.stopped?.lines?.length ?? 0)
  }

  const { policy, proposal, version } = stored
  return (
    <section aria-labelledby="policy-title">
      <h3 id="policy-title">
        <FormattedMessage id="policy.title" values={{ feed: <bdi>{feed.title}</bdi> }} />
      </h3>
      <p role="status">
        {answer && <FormattedMessage id={`policy.${answer}`} />}{' '}
        {stopped > 0 && <FormattedMessage id="people.stopped" values={{ count: stopped }} />}
      </p>
      {proposal && (
        <div className="note-waits" data-policy-proposal>
          <p>
            <FormattedMessage
              id="policy.proposal"
              values={{
                by: <bdi>{proposal.name}</bdi>,
                at: <FormattedDate value={proposal.at} dateStyle="medium" timeStyle="short" />,
              }}
            />
          </p>
          <PolicyChangeList before={policy} after={proposal.policy} />
          <RetentionMeaning api={api} feed={feed.id} before={policy} after={proposal.policy} />
          {proposal.by !== session.person && (
            <ApproveButton<SetPolicy> api={api} path={path} version={version} body={{}} onDone={changed} />
          )}
        </div>
      )}
      <PolicyForm key={version} api={api} feed={feed.id} path={path} stored={stored} onDone={changed} />
    </section>
  )
}
