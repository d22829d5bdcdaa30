import { embedFonts, embedModes, embedThemes, MAX_TICKER_LINES } from '../../src/protocol/embed.ts'
import { urgencies } from '../../src/protocol/lists/urgencies.ts'
import { isLanguage } from './is-language.ts'
import type { Settings } from './settings.ts'

// Loaded only by tickers that are refused or have a faulty attribute.

/** The last fault of each attribute and the last refusal that the console has, for each ticker. */
const said = new WeakMap<Element, Map<string, string>>()

/** The values of attributes with one value of a few. */
const choices: Readonly<Record<string, readonly string[]>> = {
  mode: embedModes,
  dir: ['ltr', 'rtl'],
  theme: embedThemes,
  font: embedFonts,
  announce: [...urgencies, 'off'],
}

/**
 * Says in the console which attributes are faulty and why a ticker shows no headlines, in the words of the person who
 * runs the server or the page. The client tries again and again; one line for each is enough.
 *
 * @param code why the feed is refused; undefined: it is not
 */
export function complain(ticker: Element, settings: Settings, code?: string): void {
  for (const name of ['max', 'notices', 'lang', ...Object.keys(choices)]) {
    const value = ticker.getAttribute(name)
    const fault = value ? faultOf(name, value, settings) : undefined
    say(ticker, name, fault && `${name}="${value}" is ${fault} counts`)
  }
  say(ticker, 'refused', code && reasonOf(settings, code))
}

function say(ticker: Element, about: string, text = ''): void {
  const known = said.get(ticker) ?? new Map<string, string>()
  said.set(ticker, known)
  if (text && known.get(about) !== text) console.warn(`flashline-ticker: ${text}`)
  if (text) known.set(about, text)
}

/** The attribute's fault and its value instead; undefined without a fault. */
function faultOf(name: string, value: string, { max, notices, ...settings }: Settings): string | undefined {
  const number = Number(value)
  switch (name) {
    case 'max':
      if (Number.isInteger(number) && number >= 1 && number <= MAX_TICKER_LINES) return undefined
      return `no number from 1 to ${MAX_TICKER_LINES}, so ${max}`
    case 'notices':
      return number >= 0 ? undefined : `no number of minutes, so ${notices}`
    case 'lang':
      return isLanguage(value) ? undefined : 'no language, so en'
    default: {
      const words = choices[name] ?? []
      if (words.includes(value)) return undefined
      const { mode, theme, announce } = settings
      const usual: Readonly<Record<string, string>> = {
        ...{ mode, theme, announce },
        ...{ dir: 'the direction of the feed', font: 'the usual typeface' },
      }
      return `none of ${words.join(', ')}, so ${usual[name]}`
    }
  }
}

function reasonOf({ src, feed, filters }: Settings, code: string): string {
  const server = URL.canParse(src) ? new URL(src).origin : src
  switch (code) {
    case 'invalid-address':
      return `src="${src}" with feed="${feed}" is not the address of a feed`
    case 'invalid-query': {
      const written = Object.entries<string | readonly string[]>({ ...filters }).filter(
        ([, value]) => value.length > 0,
      )
      const attributes = written.map(([name, value]) => `${name}="${String(value)}"`)
      return `${server} does not know the filter ${attributes.join(' ')}, so no headlines show`
    }
    case 'no-such-feed':
      return `${server} has no feed "${feed}"`
    case 'origin-refused':
      return `${location.origin} is not in ALLOWED_ORIGINS of ${server}`
    default:
      return `${server} refuses feed "${feed}": ${code}`
  }
}
