import type { ComposedLine } from './wish.ts'

/** The time in ms for which the line waits already, or which its author wants; undefined without one. */
export function plannedAt({ releaseAt, desk }: Pick<ComposedLine, 'releaseAt' | 'desk'>): number | undefined {
  return releaseAt === undefined ? (desk?.releaseAt ?? desk?.embargoUntil) : Date.parse(releaseAt)
}
