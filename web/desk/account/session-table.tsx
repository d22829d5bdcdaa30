import { FormattedDate, FormattedMessage } from 'react-intl'
import { Table } from '../platform/table.tsx'
import type { ReactNode } from 'react'

export interface ListedSession {
  readonly id: string
  readonly createdAt: string
  readonly seenAt: string
  readonly ip: string
  readonly agent: string
  readonly secondFactor: boolean
  readonly current: boolean
}

export interface SessionTableProps {
  readonly sessions: readonly ListedSession[]
  /** The button that ends a session. */
  readonly endButton?: (session: ListedSession) => ReactNode
}

/** Where a person is signed in, newest first. */
export function SessionTable({ sessions, endButton }: SessionTableProps) {
  return (
    <Table
      caption="sessions.caption"
      columns={['sessions.from', 'sessions.since', 'sessions.used', 'people.acts']}
      empty="sessions.none"
    >
      {sessions.map((session) => (
        <tr key={session.id} data-session={session.current ? 'current' : 'other'}>
          <th scope="row">
            <bdi>{session.ip}</bdi>
            <br />
            <bdi className="dim">{session.agent}</bdi>
          </th>
          <td>
            <FormattedDate value={session.createdAt} dateStyle="medium" timeStyle="short" />
            {session.secondFactor && (
              <p className="dim">
                <FormattedMessage id="sessions.factor" />
              </p>
            )}
          </td>
          <td>
            <FormattedDate value={session.seenAt} dateStyle="medium" timeStyle="short" />
          </td>
          <td>{session.current ? <FormattedMessage id="sessions.current" /> : endButton?.(session)}</td>
        </tr>
      ))}
    </Table>
  )
}
