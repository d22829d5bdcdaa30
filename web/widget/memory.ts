import { keep, recall } from '../sdk/cache.ts'
import type { Cache } from '../sdk/index.ts'
import type { Settings } from './settings.ts'

// Loaded only by tickers with `cache`: the reader has agreed that this browser stores something.

/** Where strips are kept for the next visit; undefined if the browser forbids it. */
export const cache = storage('local')
/** The parts that the client lacks without a cache. */
export const cacheParts = { recall, keep }

/** The button's text of a ticker that this session has hidden; undefined: it shows. */
export function hiddenLabel(settings: Settings): string | undefined {
  return storage('session')?.getItem(hiddenKey(settings)) ?? undefined
}

/** @param label undefined: the ticker shows again */
export function rememberHidden(settings: Settings, label: string | undefined): void {
  const store = storage('session')
  try {
    if (label === undefined) store?.removeItem(hiddenKey(settings))
    else store?.setItem(hiddenKey(settings), label)
  } catch {
    // The store is full: the ticker is hidden on this page only.
  }
}

/** Removes all that is kept. */
export function forget(): void {
  for (const store of [cache, storage('session')])
    for (const key of Object.keys(store ?? {})) if (key.startsWith('flashline:')) store?.removeItem(key)
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
