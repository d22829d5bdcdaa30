import type { Connection, FeedEvent, Status } from '../sdk/index.ts'
import { connect, late } from './client.ts'
import { connectionKey, isDoubtful, readSettings, type Settings } from './settings.ts'
import { openStage, type Source, type Stage } from './stage.ts'

/** The minified `ticker.css`; the build puts it here. */
declare const TICKER_CSS: string

const style = new CSSStyleSheet()
style.replaceSync(TICKER_CSS)

type Memory = typeof import('./memory.ts')

/** The memory of this browser; empty if that part cannot be loaded, undefined before. */
let memory: Partial<Memory> | undefined

/**
 * Shows a feed in an element as its attributes say.
 *
 * @returns to be called after each change of the attributes, and when the element comes into a page or leaves it
 */
export function followElement(
  ticker: HTMLElement & Parameters<Memory['optionsOf']>[0],
  home: () => string,
): () => void {
  const root = ticker.attachShadow({ mode: 'open' })
  const read = ticker.getAttribute.bind(ticker)
  let stage: Stage | undefined
  let connection: Connection | undefined
  let key = ''
  let isChangePending = false
  let isCached = false
  /** Whether the client needs something of `memory`. */
  let needsMemory: unknown
  /** The label of the button that shows the hidden ticker again; undefined: the reader has not hidden it. */
  let folded: string | undefined

  root.adoptedStyleSheets = [style]
  // Until the first strip, the element shows the content that the page has put into it.
  root.append(document.createElement('slot'))

  function change(): void {
    isChangePending = false
    const settings = readSettings(read, home())
    if (isDoubtful(settings, read)) explain(settings)
    const { cache, hidden } = settings
    const isOn = ticker.isConnected && !hidden
    const newKey = isOn ? connectionKey(settings) : ''
    if (newKey === key) {
      stage?.change(settings)
      return
    }
    key = newKey
    close()
    if (isCached && !cache) void import('./memory.ts').then(({ forget }) => forget())
    isCached = cache === true
    if (!isOn) return
    needsMemory = cache || ticker.token
    if (needsMemory) {
      if (!memory) {
        void import('./memory.ts')
          .catch(() => ({}))
          .then((part) => {
            memory = part
            Object.assign(late, memory.cacheParts)
            if (key !== newKey) return
            key = ''
            change()
          })
      }
      folded ??= memory?.hiddenLabel?.(settings)
    }
    if (folded) fold(settings, folded)
    else open(settings)
  }

  function open(settings: Settings): void {
    const source = sourceOf(settings)
    reportStatus(settings, source.status)
    const opened = (stage = openStage(root, settings, source, {
      onHide: (label) => fold(settings, label),
      onEmpty(isEmpty) {
        ticker.toggleAttribute('data-empty', isEmpty)
        dispatch('empty', isEmpty)
      },
    }))
    connection?.on('strip', opened.showSoon)
    connection?.on('status', (status) => {
      reportStatus(settings, status)
      opened.showSoon()
    })
    connection?.on('event', (event) => {
      opened.heard(event)
      dispatch('event', event)
    })
  }

  function close(): void {
    stage?.close()
    connection?.close()
    stage = connection = undefined
  }

  /** Keeps only the button that brings the ticker back. */
  function fold(settings: Settings, label: string | undefined): void {
    memory?.rememberHidden?.(settings, label)
    folded = label
    ticker.toggleAttribute('data-folded', !!label)
    if (!label) {
      open(settings)
      return
    }
    close()
    void import('./fold.ts').then(
      (part) => part.fold(root, label, () => fold(settings, undefined)),
      () => (ticker.hidden = true),
    )
  }

  function sourceOf({ src, feed, filters, cache, share }: Settings): Source {
    const options = { url: src, feed, filters, shareAcrossTabs: share, ...memory?.optionsOf?.(ticker, cache) }
    const status: Status = { state: 'connecting', since: Date.now(), malformed: 0 }
    try {
      // With what this browser keeps, lines may show before the network answers.
      if (memory || !needsMemory) return (connection = connect(options))
    } catch {
      Object.assign(status, { state: 'refused', code: 'invalid-address' })
    }
    return { status } as Source
  }

  function reportStatus(settings: Settings, status: Status): void {
    ticker.dataset.state = status.state
    if (status.state === 'refused') explain(settings, status.code)
    dispatch('status', status)
  }

  /** Says in the console which attributes are faulty, and why the feed is refused. */
  function explain(settings: Settings, code?: string): void {
    void import('./complain.ts').then(({ complain }) => complain(ticker, settings, code), console.warn)
  }

  /** Dispatches an event with a copy, so that the page cannot change the ticker's own data. */
  function dispatch(name: 'event' | 'status' | 'empty', payload: FeedEvent | Status | boolean): void {
    ticker.dispatchEvent(
      new CustomEvent(`flashline:${name}`, {
        detail: structuredClone(payload),
        bubbles: true,
        composed: true,
      }),
    )
  }

  /** Joins changes: several attributes may change together, and moving an element disconnects and connects it. */
  return () => {
    if (isChangePending) return
    isChangePending = true
    queueMicrotask(change)
  }
}
