import { FormattedMessage } from 'react-intl'
import type { ApiClient, Session } from './api-client.ts'

export interface DeskProps {
  readonly api: ApiClient
  readonly session: Session
}

/** The desk of one person. */
export function Desk({ session }: DeskProps) {
  return (
    <main className="desk">
      <h1>
        <FormattedMessage id="desk.title" />
      </h1>
      <p>{session.email ?? session.name}</p>
    </main>
  )
}
