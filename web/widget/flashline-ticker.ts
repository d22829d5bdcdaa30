import { connect, type Cache, type Connection, type FeedEvent, type Status } from '../sdk/index.ts'
import { attributes, connectionKey, readSettings, type Settings } from './settings.ts'
import { openStage, type Source, type Stage } from './stage.ts'

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
  /** The label of the button that shows the hidden ticker again; undefined: the reader has not hidden it. */
  #folded: string | undefined
  /** The refusal that the console has. */
  #refusal = ''

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
    this.#close()
    if (this.#isCached && !settings.cache) clearCache()
    this.#isCached = settings.cache
    if (!isOn) return
    this.#folded ??= settings.cache
      ? (storage('session')?.getItem(hiddenKey(settings)) ?? undefined)
      : undefined
    if (this.#folded === undefined) this.#open(settings)
    else this.#fold(settings, this.#folded)
  }

  #open(settings: Settings): void {
    const source = this.#connect(settings)
    this.#reportStatus(settings, source.status)
    const stage = openStage(this.#root, settings, source, {
      onHide: (label) => this.#fold(settings, label),
      onEmpty: (isEmpty) => this.#setEmpty(isEmpty),
    })
    this.#stage = stage
    if (!this.#connection) return
    this.#connection.on('strip', stage.showSoon)
    this.#connection.on('status', (status) => {
      this.#reportStatus(settings, status)
      stage.showSoon()
    })
    this.#connection.on('event', (event) => {
      stage.heard(event)
      this.#dispatch('event', event)
    })
  }

  #close(): void {
    this.#stage?.close()
    this.#connection?.close()
    this.#stage = this.#connection = undefined
  }

  /** Keeps only the button that brings the ticker back. */
  #fold(settings: Settings, label: string): void {
    this.#folded = label
    this.#close()
    this.toggleAttribute('data-folded', true)
    const key = settings.cache ? hiddenKey(settings) : undefined
    void import('./fold.ts').then(
      ({ fold }) =>
        fold(this.#root, label, key, () => {
          this.#folded = undefined
          this.toggleAttribute('data-folded', false)
          this.#open(settings)
        }),
      () => (this.hidden = true),
    )
  }

  #setEmpty(isEmpty: boolean): void {
    this.toggleAttribute('data-empty', isEmpty)
    this.#dispatch('empty', isEmpty)
  }

  #connect({ src, feed, filters, cache, share }: Settings): Source {
    const store = cache ? storage('local') : undefined
    const options = { url: src, feed, filters, shareAcrossTabs: share, ...(store && { cache: store }) }
    try {
      return (this.#connection = connect(options))
    } catch {
      const status = { state: 'refused', code: 'invalid-address', since: Date.now(), malformed: 0 } as const
      return { strip: undefined, feed: undefined, status }
    }
  }

  #reportStatus(settings: Settings, status: Status): void {
    this.dataset.state = status.state
    if (status.state === 'refused') this.#complain(settings, status.code ?? '')
    this.#dispatch('status', status)
  }

  /** The client tries again and again; one line in the console is enough. */
  #complain(settings: Settings, code: string): void {
    const refusal = this.#key + code
    if (refusal === this.#refusal) return
    this.#refusal = refusal
    void import('./refusal-text.ts').then(
      ({ refusalText }) => console.warn(refusalText(settings, code)),
      () => console.warn(code),
    )
  }

  /** Dispatches an event with a copy, so that the page cannot change the ticker's own data. */
  #dispatch(name: 'event' | 'status' | 'empty', payload: FeedEvent | Status | boolean): void {
    const detail = structuredClone(payload)
    this.dispatchEvent(new CustomEvent(`flashline:${name}`, { bubbles: true, composed: true, detail }))
  }
}

/** A store of this browser; undefined if the browser forbids it. */
function storage(kind: 'local' | 'session'): (Cache & Storage) | undefined {
  try {
    return kind === 'local' ? localStorage : sessionStorage
  } catch {
    return undefined
  }
}

/** Where the session keeps that the reader has hidden a ticker of this feed. */
function hiddenKey({ src, feed }: Settings): string {
  return `flashline:hidden ${src} ${feed}`
}

/** Removes all that is kept, when the `cache` attribute goes. */
function clearCache(): void {
  for (const kind of ['local', 'session'] as const) {
    const store = storage(kind)
    for (const key of Object.keys(store ?? {})) if (key.startsWith('flashline:')) store?.removeItem(key)
  }
}
