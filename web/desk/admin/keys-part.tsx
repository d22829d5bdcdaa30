import { FormattedMessage } from 'react-intl'
import { useState } from 'react'
import { ShownOnce } from '../platform/shown-once.tsx'
import { Table } from '../platform/table.tsx'
import type { PersonViewProps } from '../platform/view-props.ts'
import { KeyForm } from './key-form.tsx'
import { KeyRow } from './key-row.tsx'
import type { Key, Stopped } from './people.ts'
import { useAccounts, useApiKeys, useReadPeopleAgain } from './use-people.ts'

/** API keys: a new one is shown once; the others can be approved, thawed and revoked. */
export function KeysPart({ api, session }: PersonViewProps) {
  const keys = useApiKeys(api)
  const accounts = useAccounts(api)
  const readAgain = useReadPeopleAgain()
  const [made, setMade] = useState<Key & { key: string }>()
  const [stopped, setStopped] = useState(0)
  return (
    <>
      <KeyForm
        api={api}
        session={session}
        onMade={(key) => {
          setMade(key)
          readAgain()
        }}
      />
      {made && (
        <ShownOnce secret={made.key} onDone={() => setMade(undefined)}>
          <FormattedMessage
            id={made.waitsFor ? 'keysPart.madeWaits' : 'keysPart.made'}
            values={{ name: <bdi>{made.name}</bdi> }}
          />
        </ShownOnce>
      )}
      <p role="status">
        {stopped > 0 && <FormattedMessage id="people.stopped" values={{ count: stopped }} />}
      </p>
      <Table
        caption="keysPart.caption"
        columns={['people.name', 'people.roles', 'keysPart.owner', 'keysPart.until', 'people.acts']}
        empty="keysPart.none"
      >
        {(keys ?? []).map((key) => (
          <KeyRow
            key={key.id}
            api={api}
            shown={key}
            accounts={accounts}
            own={session.person}
            onChanged={(answer?: Stopped) => {
              setStopped(answer?.stopped?.lines?.length ?? 0)
              readAgain()
            }}
          />
        ))}
      </Table>
    </>
  )
}
