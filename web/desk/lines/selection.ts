import type { ReactNode } from 'react'

/** One selected line on the desk, and the acts that show in it. */
export interface Selection {
  readonly selected: string | undefined
  readonly onSelect: (id: string) => void
  readonly acts: ReactNode
}
