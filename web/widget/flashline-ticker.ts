import { connect, type Cache, type Connection, type FeedEvent, type Status } from '../sdk/index.ts'
import { attributes, connectionKey, readSettings, type Settings } from './settings.ts'
import { Stage, type Source } from './stage.ts'

/** The minified `ticker.css`; the build puts it here. */
declare const TICKER_CSS: string

const style = new CSSStyleSheet()
style.replaceSync(TICKER_CSS)

/** `<flashline-ticker feed="en">`: the newest lines of a feed, kept right by a connection of its own. */
export class FlashlineTicker extends HTMLElement {
  static readonly observedAttributes = attributes.split(' ')
  /** Where Flashline is, for tickers that do not say. */
  static home = ''

  readonly #root = this.attachShadow({ mode: 'open' })
  #stage: Stage | undefined
  #connection: Connection | undefined
  #key = ''
  #changes = false
  #isKept = false

  constructor() {
    super()
    this.#root.adoptedStyleSheets = [style]
    // Until something is known, what the page has inside the element shows.
    this.#root.append(document.createElement('slot'))
  }

  connectedCallback(): void {
    this.#changeSoon()
  }

  disconnectedCallback(): void {
    this.#changeSoon()
  }

  attributeChangedCallback(): void {
    this.#changeSoon()
  }

  /** Several attributes change together, and an element that moves leaves and comes: each is one change. */
  #changeSoon(): void {
    if (this.#changes) return
    this.#changes = true
    queueMicrotask(() => {
      this.#changes = false
      this.#change()
    })
  }

  #change(): void {
    const settings = readSettings((name) => this.getAttribute(name), FlashlineTicker.home)
    const isOn = this.isConnected && !settings.hidden
    const key = isOn ? connectionKey(settings) : ''
    if (key === this.#key) {
      this.#stage?.change(settings)
      return
    }
    this.#key = key
    this.#stage?.close()
    this.#connection?.close()
    this.#stage = this.#connection = undefined
    if (this.#isKept && !settings.cache) forget()
    this.#isKept = settings.cache
    if (isOn) this.#open(settings)
  }

  #open(settings: Settings): void {
    const source = this.#connect(settings)
    const stage = new Stage(this.#root, settings, source, () => {
      this.hidden = true
    })
    this.#stage = stage
    this.#tellStatus(settings, source.status)
    if (!this.#connection) return
    this.#connection.on('strip', stage.show)
    this.#connection.on('status', (status) => {
      this.#tellStatus(settings, status)
      stage.show()
    })
    this.#connection.on('event', (event) => {
      stage.heard(event)
      this.#tell('event', event)
    })
  }

  #connect({ src, feed, filters, cache, share }: Settings): Source {
    const kept = cache ? storage() : undefined
    const options = { url: src, feed, filters, shareAcrossTabs: share, ...(kept && { cache: kept }) }
    try {
      return (this.#connection = connect(options))
    } catch {
      const status = { state: 'refused', code: 'invalid-address', since: Date.now(), malformed: 0 } as const
      return { strip: undefined, feed: undefined, status }
    }
  }

  #tellStatus({ feed, src }: Settings, status: Status): void {
    this.dataset.state = status.state
    if (status.state === 'refused')
      console.warn(`flashline-ticker: no feed "${feed}" from ${src} (${status.code})`)
    this.#tell('status', status)
  }

  /** The page gets a copy: what it does to that is its own business. */
  #tell(name: 'event' | 'status', what: FeedEvent | Status): void {
    const detail = structuredClone(what)
    this.dispatchEvent(new CustomEvent(`flashline:${name}`, { bubbles: true, composed: true, detail }))
  }
}

/** A browser may forbid it. */
function storage(): Cache | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}

/** The reader, or the page, has changed their mind: nothing that was kept stays. */
function forget(): void {
  const store = storage() as Storage | undefined
  for (const key of Object.keys(store ?? {})) if (key.startsWith('flashline:')) store?.removeItem(key)
}
