import { DirectionProvider, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useLayoutEffect, useState } from 'react'
import { FormattedMessage, IntlProvider } from 'react-intl'
import type { ApiClient } from './platform/api-client.ts'
import { FaultBoundary } from './platform/fault-boundary.tsx'
import { directionOf, messagesOf, type Language, type MessageId } from './platform/languages.ts'
import { kept } from './platform/kept.ts'
import { SessionGate } from './session-gate.tsx'
import type { Link } from './sign-in/take-link.ts'
import { colorVariables, theme } from './platform/theme.ts'

interface Spoken {
  readonly language: Language
  readonly messages: Readonly<Record<MessageId, string>>
}

export interface AppProps {
  readonly api: ApiClient
  /** The nonce of the page's policy, which inline styles carry. */
  readonly nonce: string
  readonly link: Link | undefined
  readonly first: Spoken
}

/** The desk with everything that its parts share: language, direction, look, and what the API has answered. */
export function App({ api, nonce, link, first }: AppProps) {
  const [{ language, messages }, setSpoken] = useState(first)
  const [lacksLanguage, setLacksLanguage] = useState(false)
  const [queries] = useState(newQueryClient)
  const direction = directionOf(language)

  // Before the first paint, so that no frame shows in the other direction.
  useLayoutEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = direction
  }, [language, direction])

  async function speak(chosen: Language): Promise<void> {
    kept.set('language', chosen)
    try {
      setSpoken({ language: chosen, messages: await messagesOf(chosen) })
      setLacksLanguage(false)
    } catch {
      setLacksLanguage(true)
    }
  }

  return (
    <IntlProvider locale={language} messages={messages}>
      <DirectionProvider key={direction} initialDirection={direction} detectDirection={false}>
        <MantineProvider
          theme={theme}
          defaultColorScheme="auto"
          cssVariablesResolver={colorVariables}
          getStyleNonce={() => nonce}
        >
          <QueryClientProvider client={queries}>
            <FaultBoundary>
              {lacksLanguage && (
                <p role="alert" className="fault">
                  <FormattedMessage id="fault.language" />
                </p>
              )}
              <SessionGate
                api={api}
                link={link}
                language={language}
                onLanguage={(chosen) => void speak(chosen)}
              />
            </FaultBoundary>
          </QueryClientProvider>
        </MantineProvider>
      </DirectionProvider>
    </IntlProvider>
  )
}

function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: 'always', staleTime: 1_000 },
      // Offline means refused: a change that waits for the network could go out when it is news no more.
      // The results of acts are kept where they show, so none needs its request any more.
      mutations: { retry: 0, networkMode: 'always', gcTime: 0 },
    },
  })
}
