import type { Headline } from '../sdk/index.ts'

/** Stands among the lines, in the place of one that was withdrawn or held on this screen. It has none of its words. */
export interface Notice extends Headline {
  readonly removed: 'withdrawn' | 'held'
  /** End of the notice, in ms on a monotonic clock. */
  readonly until: number
}

export function isNotice(line: Headline): line is Notice {
  return 'removed' in line
}
