import type { Settings } from './settings.ts'

// Loaded only by tickers that are refused.

/** The last refusal of each ticker that the console has. */
const said = new WeakMap<HTMLElement, string>()

/**
 * Says in the console why a ticker shows no headlines, in the words of the person who runs the server or the page. The
 * client tries again and again; one line is enough.
 */
export function complain(ticker: HTMLElement, settings: Settings, code: string): void {
  const reason = `flashline-ticker: ${reasonOf(settings, code)}`
  if (said.get(ticker) !== reason) console.warn(reason)
  said.set(ticker, reason)
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
