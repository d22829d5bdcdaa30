import type { ReactNode } from 'react'

/** One selected line on the desk, the acts that show in it, and what every line carries. */
export interface Selection {
  readonly selected: string | undefined
  readonly onSelect: (id: string) => void
  readonly acts: ReactNode
  /** The result of the last act on a line, and the colleagues who have it open; null for a line without either. */
  readonly notes: (id: string) => ReactNode
}
