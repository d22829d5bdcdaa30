import { useQuery } from '@tanstack/react-query'
import type { Session } from '../platform/api-client.ts'
import type { PersonViewProps } from '../platform/view-props.ts'
import { OwnPassword } from './own-password.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { SecondFactor } from './second-factor.tsx'
import '../platform/table.css'

/** The person's own account: password, second factor, and where the person is signed in. */
export function AccountView({ api, session: first }: PersonViewProps) {
  const { data: session = first } = useQuery({
    queryKey: ['session'],
    queryFn: () => api.read<Session>('/v1/session'),
  })
  return (
    <section className="view-part" aria-labelledby="account-title">
      <h2 id="account-title">
        <bdi>{session.name}</bdi>
      </h2>
      <p className="dim">
        <bdi>{session.email}</bdi>
      </p>
      <OwnPassword api={api} />
      <SecondFactor key={String(session.secondFactor)} api={api} isOn={session.secondFactor} />
      <OwnSessions api={api} />
    </section>
  )
}
