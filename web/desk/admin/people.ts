import type { Role } from '../../../src/protocol/lists/roles.ts'

export type FeedRoles = Readonly<Record<string, Role>>

/** An account as the API answers it, as far as the desk shows it. */
export interface Account extends Stopped {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly roles: FeedRoles
  readonly disabled: boolean
  readonly secondFactor: boolean
  readonly version: number
  readonly failedSignIns?: number
  readonly proposal?: { readonly roles: FeedRoles; readonly by: string; readonly removal?: true }
  readonly recovery?: { readonly by: string; readonly until: string; readonly waitsFor?: 'approval' }
}

export interface Invitation {
  readonly id: string
  readonly email: string
  readonly roles: FeedRoles
  readonly by: string
  readonly expiresAt: string
  readonly version: number
  readonly waitsFor?: 'approval'
}

export interface Key {
  readonly id: string
  readonly name: string
  readonly kind: 'person' | 'service'
  readonly owner: string
  readonly roles: FeedRoles
  readonly createdAt: string
  readonly expiresAt?: string
  readonly version: number
  readonly waitsFor?: 'approval'
  readonly frozenSince?: Readonly<Record<string, string>>
}

/** Headlines that waited and that a change has stopped. */
export interface Stopped {
  readonly stopped?: { readonly lines?: readonly object[] }
}

/** The name of a person as the lists of this page know it, or else the id. */
export function nameIn(accounts: readonly Account[] | undefined, id: string): string {
  return accounts?.find((account) => account.id === id)?.name ?? id
}
