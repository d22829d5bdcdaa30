import './platform/styles.ts'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { ApiClient } from './platform/api-client.ts'
import { App } from './app.tsx'
import { isLanguage, messagesOf, type Language } from './platform/languages.ts'
import { kept } from './platform/kept.ts'
import { takeLink } from './sign-in/take-link.ts'

void start()

async function start(): Promise<void> {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
  // Modals lock the scrolling with an inline style of their own.
  setNonce(nonce)
  // The token leaves the address before anything is loaded: it must not stay in the history.
  const link = takeLink()
  const language = firstLanguage()
  const messages = await messagesOf(language)
  const root = document.getElementById('desk')
  if (!root) return
  createRoot(root).render(
    <App api={new ApiClient()} nonce={nonce} link={link} first={{ language, messages }} />,
  )
}

/** The language that was chosen here, or else the first one of the browser's that the desk has. */
function firstLanguage(): Language {
  const chosen = kept.get('language')
  if (isLanguage(chosen)) return chosen
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en'
}
