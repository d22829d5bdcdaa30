import { keep, recall } from '../sdk/cache.ts'
import type { Cache, ConnectOptions } from '../sdk/index.ts'
import type { Settings } from './settings.ts'

// Loaded only by tickers with `cache`, where the reader has agreed that this browser stores something, or with a token.

/** Where strips are kept for the next visit; undefined if the browser forbids it. */
export const cache = storage('local')
/** The parts that the client lacks without a cache. */
export const cacheParts = { recall, keep }

/** The button's text of a ticker that this session has hidden; undefined: it shows. */
export function hiddenLabel(settings: Settings): string | undefined {
  return sessionOf(settings)?.getItem(hiddenKey(settings)) ?? undefined
}

/** @param label undefined: the ticker shows again */
export function rememberHidden(settings: Settings, label: string | undefined): void {
  const store = sessionOf(settings)
  try {
    if (label === undefined) store?.removeItem(hiddenKey(settings))
    else store?.setItem(hiddenKey(settings), label)
  } catch {
    // The store is full: the ticker is hidden on this page only.
  }
}

/** A ticker whose page gives it a token, as a property. */
interface TokenHolder {
  readonly token?: ConnectOptions['token']
}

/** Further options of the client: tokens of the page, anew for each connection, or else the store. */
export function optionsOf(
  ticker: TokenHolder,
  from: Settings['cache'],
): Pick<ConnectOptions, 'token' | 'cache'> {
  if (ticker.token)
    return { token: () => (typeof ticker.token === 'function' ? ticker.token() : String(ticker.token)) }
  if (typeof from === 'string') return { token: () => tokenAt(from) }
  return from && cache ? { cache } : {}
}

async function tokenAt(address: string): Promise<string> {
  const answer = await fetch(address, { cache: 'no-store' })
  const { token } = (await answer.json()) as { readonly token?: unknown }
  if (typeof token !== 'string') throw new TypeError('no token')
  return token
}

/** Removes all that is kept. */
export function forget(): void {
  for (const store of [cache, storage('session')])
    for (const key of Object.keys(store ?? {})) if (key.startsWith('flashline:')) store?.removeItem(key)
}

/** The store of this session, if the reader has agreed to it. */
function sessionOf({ cache: isKept }: Settings): Storage | undefined {
  return isKept === true ? storage('session') : undefined
}

function hiddenKey({ src, feed }: Settings): string {
  return `flashline:hidden ${src} ${feed}`
}

/** A store of this browser; undefined if the browser forbids it. */
function storage(kind: 'local' | 'session'): (Cache & Storage) | undefined {
  try {
    return kind === 'local' ? localStorage : sessionStorage
  } catch {
    return undefined
  }
}
