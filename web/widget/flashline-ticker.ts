import { connect, type Cache, type Connection, type FeedEvent, type Status } from '../sdk/index.ts'
import { attributes, connectionKey, readSettings, type Settings } from './settings.ts'
import { Stage, type Source } from './stage.ts'

/** The minified `ticker.css`; the build puts it here. */
declare const TICKER_CSS: string

const style = new CSSStyleSheet()
style.replaceSync(TICKER_CSS)

/** `<flashline-ticker feed="en">`: the newest lines of a feed, kept up to date over a connection. */
export class FlashlineTicker extends HTMLElement {
  static readonly observedAttributes = attributes.split(' ')
  /** URL of the server for tickers without `src`. */
  static home = ''

  readonly #root = this.attachShadow({ mode: 'open' })
  #stage: Stage | undefined
  #connection: Connection | undefined
  #key = ''
  #isChangePending = false
  #isCached = false

  constructor() {
    super()
    this.#root.adoptedStyleSheets = [style]
    // Until the first strip, the element shows the content that the page has put into it.
    this.#root.append(document.createElement('slot'))
  }

  connectedCallback(): void {
    this.#scheduleChange()
  }

  disconnectedCallback(): void {
    this.#scheduleChange()
  }

  attributeChangedCallback(): void {
    this.#scheduleChange()
  }

  /** Joins changes: several attributes may change together, and moving an element disconnects and connects it. */
  #scheduleChange(): void {
    if (this.#isChangePending) return
    this.#isChangePending = true
    queueMicrotask(() => {
      this.#isChangePending = false
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
    if (this.#isCached && !settings.cache) clearCache()
    this.#isCached = settings.cache
    if (isOn) this.#open(settings)
  }

  #open(settings: Settings): void {
    const source = this.#connect(settings)
    const stage = new Stage(this.#root, settings, source, () => {
      this.hidden = true
    })
    this.#stage = stage
    this.#reportStatus(settings, source.status)
    if (!this.#connection) return
    this.#connection.on('strip', stage.show)
    this.#connection.on('status', (status) => {
      this.#reportStatus(settings, status)
      stage.show()
    })
    this.#connection.on('event', (event) => {
      stage.heard(event)
      this.#dispatch('event', event)
    })
  }

  #connect({ src, feed, filters, cache, share }: Settings): Source {
    const store = cache ? storage() : undefined
    const options = { url: src, feed, filters, shareAcrossTabs: share, ...(store && { cache: store }) }
    try {
      return (this.#connection = connect(options))
    } catch {
      const status = { state: 'refused', code: 'invalid-address', since: Date.now(), malformed: 0 } as const
      return { strip: undefined, feed: undefined, status }
    }
  }

  #reportStatus({ feed, src }: Settings, status: Status): void {
    this.dataset.state = status.state
    if (status.state === 'refused')
      console.warn(`flashline-ticker: no feed "${feed}" from ${src} (${status.code})`)
    this.#dispatch('status', status)
  }

  /** Dispatches an event with a copy, so that the page cannot change the ticker's own data. */
  #dispatch(name: 'event' | 'status', payload: FeedEvent | Status): void {
    const detail = structuredClone(payload)
    this.dispatchEvent(new CustomEvent(`flashline:${name}`, { bubbles: true, composed: true, detail }))
  }
}

/** The store of the cache; undefined if the browser forbids it. */
function storage(): Cache | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}

/** Removes all cached strips, when the `cache` attribute goes. */
function clearCache(): void {
  const store = (storage() ?? {}) as Storage
  for (const key of Object.keys(store)) if (key.startsWith('flashline:')) store.removeItem(key)
}
