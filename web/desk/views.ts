import { lazy, useSyncExternalStore, type ComponentType, type LazyExoticComponent } from 'react'
import type { FeedTitle } from '../sdk/types.ts'
import type { ApiClient, Session } from './platform/api-client.ts'

/** Every view gets these; the feed is the one that is chosen at the head of the desk. */
export interface ViewProps {
  readonly api: ApiClient
  readonly session: Session
  readonly feed: FeedTitle
}

type View = ComponentType<ViewProps> | LazyExoticComponent<ComponentType<ViewProps>>

/** The views of the desk by their addresses (`/desk#/newsroom`), each loaded when it is opened; `view.…` is its title. */
export const views = {
  newsroom: lazy(async () => ({ default: (await import('./feed-desk.tsx')).FeedDesk })),
} satisfies Readonly<Record<string, View>>

export type ViewName = keyof typeof views

export const viewNames = Object.keys(views) as readonly ViewName[]

/** The view in the page's address, or else the newsroom; the part behind it (`#/admin/people`) is the view's own. */
export function useView(): { readonly name: ViewName; readonly path: readonly string[] } {
  const hash = useSyncExternalStore(onAddress, () => location.hash)
  const [, name = '', ...path] = hash.split('/')
  return isView(name) ? { name, path } : { name: 'newsroom', path: [] }
}

function isView(name: string): name is ViewName {
  return Object.hasOwn(views, name)
}

function onAddress(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}
