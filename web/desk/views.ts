import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import { atLeast, roles as allRoles, type Role } from '../../src/protocol/lists/roles.ts'
import { FeedDesk } from './feed-desk.tsx'
import type { Session } from './platform/api-client.ts'
import { useAddress } from './platform/use-address.ts'
import type { PersonViewProps, ViewProps } from './platform/view-props.ts'

type View<Props> = ComponentType<Props> | LazyExoticComponent<ComponentType<Props>>

/**
 * The views of a feed by their addresses (`/desk#/newsroom`), `view.…` is its title. The newsroom is there
 * from the start, with all that its acts need; the others are loaded when they are opened.
 */
export const feedViews = {
  newsroom: FeedDesk,
  archive: lazy(async () => ({ default: (await import('./archive/archive-view.tsx')).ArchiveView })),
  audit: lazy(async () => ({ default: (await import('./archive/audit-view.tsx')).AuditView })),
  charts: lazy(async () => ({ default: (await import('./charts/charts-view.tsx')).ChartsView })),
} satisfies Readonly<Record<string, View<ViewProps>>>

/** The views that need no feed. */
export const personViews = {
  editions: lazy(async () => ({ default: (await import('./editions/editions-view.tsx')).EditionsView })),
  account: lazy(async () => ({ default: (await import('./account/account-view.tsx')).AccountView })),
  admin: lazy(async () => ({ default: (await import('./admin/admin-view.tsx')).AdminView })),
  queues: lazy(async () => ({ default: (await import('./queues/queues-view.tsx')).QueuesView })),
} satisfies Readonly<Record<string, View<PersonViewProps>>>

export const views = { ...feedViews, ...personViews }
export type ViewName = keyof typeof views

/** The role that a view is for, in every feed or in one of them. */
const leastRoles: Partial<Record<ViewName, Role>> = {
  admin: 'chief',
  audit: 'chief',
  charts: 'reporter',
  editions: 'reporter',
}

/** The views that are of use to this person; the API decides what they may do there. */
export function namesFor(session: Session): readonly ViewName[] {
  return (Object.keys(views) as ViewName[]).filter((name) => isFor(session, name))
}

function isFor({ roles = {} }: Session, view: ViewName): boolean {
  if (view === 'queues') return roles['*'] === 'admin'
  const least = leastRoles[view]
  if (least === undefined) return true
  return Object.values(roles).some((given) =>
    atLeast(
      allRoles.find((role) => role === given),
      least,
    ),
  )
}

export function needsNoFeed(view: ViewName): view is keyof typeof personViews {
  return Object.hasOwn(personViews, view)
}

/** The view in the page's address, or else the newsroom; the part behind it (`#/admin/people`) is the view's own. */
export function useView(): { readonly name: ViewName; readonly path: readonly string[] } {
  const [name = '', ...path] = useAddress()
  return isView(name) ? { name, path } : { name: 'newsroom', path: [] }
}

function isView(name: string): name is ViewName {
  return Object.hasOwn(views, name)
}
