import { hostStorage } from './host-storage.ts'
import { fieldsOf } from './read-field.ts'
import { readTheme, type Theme } from './read-theme.ts'

const LOOK_MS = 60_000
const ANSWER_LIMIT_MS = 5_000

/**
 * Calls `onTheme` with the channel's theme as the server has it, at the start the one of the last time. A theme that does
 * not fit is named in the console once, and the picture stays as it is.
 */
export function watchTheme(server: string, onTheme: (theme: Theme) => void): { close(): void } {
  const address = `${server}on-air/theme.json`
  const stored = `flashline-on-air:${address}`
  let last = hostStorage.getItem(stored) ?? ''
  let said = ''

  function take(text: string): boolean {
    try {
      onTheme(readThemeAnswer(text))
      return true
    } catch (error) {
      const { message } = error as Error
      if (message !== said) console.error(`flashline on air: the theme of the server is not used: ${message}`)
      said = message
      return false
    }
  }

  async function look(): Promise<void> {
    try {
      const answer = await fetch(address, { cache: 'no-cache', signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
      const text = answer.ok ? await answer.text() : last
      if (text === last || !take(text)) return
      last = text
      hostStorage.setItem(stored, text)
    } catch {
      // The server is away: the theme of the last time stays.
    }
  }

  // The caller keeps the result before the first theme comes.
  if (last !== '') queueMicrotask(() => take(last))
  void look()
  const timer = setInterval(() => void look(), LOOK_MS)
  return {
    close: () => {
      clearInterval(timer)
    },
  }
}

/** Errors: UnfitError, SyntaxError. */
function readThemeAnswer(text: string): Theme {
  const { theme, faults } = fieldsOf(JSON.parse(text), 'answer')
  if (Array.isArray(faults)) throw new TypeError(faults.join('; '))
  return readTheme(theme)
}
