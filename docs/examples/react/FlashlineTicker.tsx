import { useCallback, useEffect, type DetailedHTMLProps, type HTMLAttributes, type ReactNode } from 'react'

export interface FlashlineTickerProps {
  /** Where Flashline is: `https://news.example`. */
  readonly src: string
  readonly feed: string
  /** Slugs; all lines where it is left out. */
  readonly sections?: readonly string[]
  readonly regions?: readonly string[]
  /** The least pressing lines that are still shown. */
  readonly urgency?: 'flash' | 'bulletin' | 'urgent' | 'routine'
  readonly max?: number
  readonly mode?: 'strip' | 'list' | 'crawl'
  readonly theme?: 'light' | 'dark' | 'auto'
  /** `own`: the typefaces of the server. */
  readonly font?: 'own'
  readonly dir?: 'ltr' | 'rtl'
  readonly lang?: string
  /** Minutes for which a notice stands in the place of a withdrawn or held line; 0: no notices. */
  readonly notices?: number
  /** Keeps the strip in the browser, for the next visit. */
  readonly cache?: boolean
  /** One connection for all tabs. */
  readonly share?: boolean
  readonly announce?: string
  /** For a feed that is for partners: a function that gets a token from your server; it is called before each connection. */
  readonly token?: () => Promise<string>
  /** The same by an address of your server that answers `{"token":"…"}`. */
  readonly tokenFrom?: string
  /** The pinned script of `/widget/v1.json`; left out, the newest one of version 1. */
  readonly script?: { readonly src: string; readonly integrity: string }
  /** Shows until the element has its first strip, and in what the server renders. */
  readonly children?: ReactNode
}

/**
 * `<flashline-ticker>` for React 17 and newer. The server renders the element with its children; the script is loaded
 * in the browser only, once for all tickers of a page.
 */
export function FlashlineTicker({
  src,
  sections,
  regions,
  cache,
  share,
  token,
  tokenFrom,
  script,
  children,
  ...rest
}: FlashlineTickerProps) {
  const address = new URL(script?.src ?? '/widget/v1.js', src).href
  const integrity = script?.integrity

  useEffect(() => {
    loadOnce(address, integrity)
  }, [address, integrity])

  // The element looks for its token once React has run this, and takes the newest one at each connection.
  const ref = useCallback(
    (element: HTMLElement | null) => {
      if (element && token) Object.assign(element, { token })
    },
    [token],
  )

  // A changed attribute is a changed choice: the element follows it.
  return (
    <flashline-ticker
      {...rest}
      ref={ref}
      src={src}
      section={sections?.join()}
      region={regions?.join()}
      cache={cache ? '' : undefined}
      share={share ? '' : undefined}
      token-from={tokenFrom}
    >
      {children ?? <a href={`${src}/embed/${rest.feed}`}>Breaking news</a>}
    </flashline-ticker>
  )
}

function loadOnce(address: string, integrity: string | undefined): void {
  if (customElements.get('flashline-ticker')) return
  if (Array.from(document.scripts).some((script) => script.src === address)) return
  const script = document.createElement('script')
  script.async = true
  script.src = address
  script.crossOrigin = 'anonymous'
  if (integrity !== undefined) script.integrity = integrity
  document.head.append(script)
}

type TickerAttributes = DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> & {
  readonly src: string
  readonly feed: string
  readonly section?: string | undefined
  readonly region?: string | undefined
  readonly urgency?: string | undefined
  readonly max?: number | undefined
  readonly mode?: string | undefined
  readonly theme?: string | undefined
  readonly font?: string | undefined
  readonly notices?: number | undefined
  readonly cache?: '' | undefined
  readonly share?: '' | undefined
  readonly 'token-from'?: string | undefined
  readonly announce?: string | undefined
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'flashline-ticker': TickerAttributes
    }
  }
}
