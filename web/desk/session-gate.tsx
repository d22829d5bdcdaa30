import { Modal } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { FormattedMessage } from 'react-intl'
import type { ApiClient, Session } from './platform/api-client.ts'
import { ChoosePassword } from './sign-in/choose-password.tsx'
import { Desk } from './desk.tsx'
import { FirstSignIn } from './sign-in/first-sign-in.tsx'
import { AcceptInvitation } from './sign-in/accept-invitation.tsx'
import { RecoverAccount } from './sign-in/recover-account.tsx'
import type { Link } from './sign-in/take-link.ts'
import type { Language, MessageId } from './platform/languages.ts'
import { PageHead } from './page-head.tsx'
import { SignInForm } from './sign-in/sign-in-form.tsx'

export interface SessionGateProps {
  readonly api: ApiClient
  readonly link: Link | undefined
  readonly language: Language
  readonly onLanguage: (language: Language) => void
}

const titles = {
  'sign-in': 'signIn.title',
  invitation: 'invitation.title',
  recovery: 'recovery.title',
} as const satisfies Readonly<Record<Link['kind'], MessageId>>

const SESSION_CHECK_MS = 60_000

type State =
  | { readonly kind: 'opening' | 'signed-out' }
  | { readonly kind: 'signed-in'; readonly session: Session; readonly hasEnded: boolean }

/** Shows the desk to a person who is signed in. When a session ends, the desk stays as it is under the sign-in. */
export function SessionGate({ api, link, language, onLanguage }: SessionGateProps) {
  const [state, setState] = useState<State>({ kind: 'opening' })
  const [choosesPassword, setChoosesPassword] = useState(false)
  const queries = useQueryClient()
  const isOpened = useRef(false)
  // A session may end while the page only shows: ask again from time to time, and when the page is looked at again.
  useQuery({
    queryKey: ['session'],
    queryFn: () => api.read<Session>('/v1/session'),
    enabled: state.kind === 'signed-in' && !state.hasEnded,
    refetchInterval: SESSION_CHECK_MS,
    staleTime: 0,
  })

  useEffect(() => {
    api.onSessionEnd = () => {
      setState((now) => (now.kind === 'signed-in' ? { ...now, hasEnded: true } : { kind: 'signed-out' }))
    }
    // A link to sign in waits for a click, so that a preview of the link does not use it up.
    if (link !== undefined || isOpened.current) return
    isOpened.current = true
    void api.openSession('/v1/session').then((outcome) => {
      setState(
        outcome.kind === 'done'
          ? { kind: 'signed-in', session: outcome.body, hasEnded: false }
          : { kind: 'signed-out' },
      )
    })
  }, [api, link])

  function signedIn(session: Session): void {
    // What another person was shown does not stay.
    if (state.kind === 'signed-in' && state.session.person !== session.person) queries.clear()
    setState({ kind: 'signed-in', session, hasEnded: false })
    void queries.invalidateQueries()
  }

  async function signOut(): Promise<void> {
    const outcome = await api.call('/v1/session', { method: 'DELETE' })
    if (outcome.kind === 'refused' && outcome.refusal.code !== 'unauthenticated') return
    queries.clear()
    setState({ kind: 'signed-out' })
  }

  const person = state.kind === 'signed-in' ? state.session : undefined
  const openLink = state.kind === 'opening' ? link : undefined
  return (
    <>
      <PageHead
        language={language}
        onLanguage={onLanguage}
        name={person?.name}
        onSignOut={() => void signOut()}
      />
      {state.kind === 'signed-in' ? (
        <>
          <Desk key={state.session.person} api={api} session={state.session} />
          <Modal
            opened={state.hasEnded}
            onClose={() => undefined}
            withCloseButton={false}
            closeOnEscape={false}
            closeOnClickOutside={false}
            title={<FormattedMessage id="session.ended" />}
          >
            <p>
              <FormattedMessage id="session.endedText" />
            </p>
            <SignInForm api={api} email={state.session.email ?? ''} onSignedIn={signedIn} />
          </Modal>
          <Modal
            opened={choosesPassword && !state.hasEnded}
            onClose={() => setChoosesPassword(false)}
            withCloseButton={false}
            closeOnClickOutside={false}
            title={<FormattedMessage id="password.title" />}
          >
            <ChoosePassword api={api} onDone={() => setChoosesPassword(false)} />
          </Modal>
        </>
      ) : (
        <main className="sign-in">
          <h1>
            <FormattedMessage id={titles[openLink?.kind ?? 'sign-in']} />
          </h1>
          {openLink?.kind === 'sign-in' && (
            <FirstSignIn
              api={api}
              token={openLink.token}
              onSignedIn={(session) => {
                setChoosesPassword(true)
                signedIn(session)
              }}
              onOther={() => setState({ kind: 'signed-out' })}
            />
          )}
          {openLink?.kind === 'invitation' && (
            <AcceptInvitation
              api={api}
              token={openLink.token}
              onSignedIn={signedIn}
              onOther={() => setState({ kind: 'signed-out' })}
            />
          )}
          {openLink?.kind === 'recovery' && (
            <RecoverAccount
              api={api}
              token={openLink.token}
              onSignedIn={signedIn}
              onOther={() => setState({ kind: 'signed-out' })}
            />
          )}
          {state.kind === 'signed-out' && <SignInForm api={api} email="" onSignedIn={signedIn} />}
        </main>
      )}
    </>
  )
}
