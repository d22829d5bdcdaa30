import type { GatewayReceipt } from '../../eventlog/receipts.ts'

/** A gateway with missing acknowledgements reports every 5 s; one without a report for this time counts as dead. */
export const GONE_AFTER_MS = 15_000

/** Counts of screens; a screen is a connection that acknowledges, counted once as far as that is known. */
export interface ScreensCleared {
  readonly screens: number
  readonly cleared: number
  /** Cleared screens in percent, rounded down to a tenth: 100 is all of them. null without screens. */
  readonly percent: number | null
  readonly missing: number
  /** Missing screens that have disconnected without an acknowledgement and have not returned. */
  readonly left: number
  /** Readers that do not acknowledge; they do not count as screens. */
  readonly silent: number
}

/**
 * The screens that a withdrawal, hold or correction has cleared; undefined without a report. A reader that returns with
 * an older position gets the question twice, perhaps from another gateway, so only the totals of all gateways count it
 * once.
 */
export function screensCleared(gateways: readonly GatewayReceipt[]): ScreensCleared | undefined {
  const sums = gateways.flatMap(sumsOf)
  if (sums.length === 0) return undefined
  const sum = (of: keyof ConnectionSums) => sums.reduce((total, each) => total + each[of], 0)
  const left = sum('left')
  return cleared(sum('cleared'), sum('missing'), left - Math.min(left, sum('returned')), sum('silent'))
}

/** Figures of one gateway. Readers that left it are not counted as missing here; another gateway may count them. */
export function screensClearedAt(gateway: GatewayReceipt): ScreensCleared | undefined {
  const [sums] = sumsOf(gateway)
  return sums && { ...cleared(sums.cleared, sums.missing, 0, sums.silent), left: sums.left }
}

interface ConnectionSums {
  readonly cleared: number
  readonly left: number
  readonly returned: number
  readonly silent: number
  /** Still connected. */
  readonly missing: number
}

function sumsOf({ screens, agoMs }: GatewayReceipt): ConnectionSums[] {
  if (!screens) return []
  const { asked, cleared, left, returned, silent } = screens
  const missing = Math.max(0, asked - cleared - left)
  // All connections of a dead gateway are closed.
  return agoMs > GONE_AFTER_MS
    ? [{ cleared, left: left + missing, returned, silent, missing: 0 }]
    : [{ cleared, left, returned, silent, missing }]
}

function cleared(cleared: number, connected: number, left: number, silent: number): ScreensCleared {
  const missing = connected + left
  const screens = cleared + missing
  const percent = screens === 0 ? null : Math.floor((1_000 * cleared) / screens) / 10
  return { screens, cleared, percent, missing, left, silent }
}
