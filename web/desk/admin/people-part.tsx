import { useState } from 'react'
import { FormattedMessage } from 'react-intl'
import { useFeeds } from '../lines/use-feed-lists.ts'
import { ShownOnce } from '../platform/shown-once.tsx'
import { Table } from '../platform/table.tsx'
import type { PersonViewProps } from '../platform/view-props.ts'
import type { Stopped } from './people.ts'
import { PersonRow } from './person-row.tsx'
import type { RecoveryToken } from './recovery-buttons.tsx'
import { useAccounts, useReadPeopleAgain } from './use-people.ts'

/** The accounts, with what an admin may do to each. */
export function PeoplePart({ api, session }: PersonViewProps) {
  const accounts = useAccounts(api)
  const feeds = useFeeds(api, session) ?? []
  const readAgain = useReadPeopleAgain()
  const [stopped, setStopped] = useState(0)
  const [recovery, setRecovery] = useState<RecoveryToken>()
  if (!accounts) return <FormattedMessage id="list.loading" />

  function changed(answer: Stopped | undefined): void {
    setStopped(answer?.stopped?.lines?.length ?? 0)
    readAgain()
  }

  return (
    <>
      <p className="dim">
        <FormattedMessage id="people.help" />
      </p>
      <p role="status">
        {stopped > 0 && <FormattedMessage id="people.stopped" values={{ count: stopped }} />}
      </p>
      {recovery && (
        <ShownOnce
          secret={`${location.origin}/desk#recovery=${recovery.token}`}
          onDone={() => setRecovery(undefined)}
        >
          <FormattedMessage id={`recovery.${recovery.part}`} values={{ name: <bdi>{recovery.name}</bdi> }} />
        </ShownOnce>
      )}
      <Table
        caption="people.caption"
        columns={['people.name', 'people.roles', 'people.factor', 'people.state', 'people.acts']}
        empty="list.loading"
      >
        {accounts.map((account) => (
          <PersonRow
            key={account.id}
            api={api}
            account={account}
            accounts={accounts}
            feeds={feeds}
            own={session.person}
            onChanged={changed}
            onToken={setRecovery}
          />
        ))}
      </Table>
    </>
  )
}
