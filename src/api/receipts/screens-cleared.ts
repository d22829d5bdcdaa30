import type { GatewayReceipt } from '../../eventlog/receipts.ts'

/** A gateway that waits for somebody says so every 5 s: one that has not for so long is not there any more. */
export const GONE_AFTER_MS = 15_000

/** Connections that acknowledge, one for each screen as far as that is known. */
export interface ScreensCleared {
  readonly screens: number
  readonly cleared: number
  /** Of the screens, rounded down: 100 is all of them. null of none. */
  readonly percent: number | null
  readonly missing: number
  /** Of those missing: gone before they said it, and not come back. */
  readonly left: number
  /** Readers that cannot say it; no part of the screens. */
  readonly silent: number
}

/**
 * Whose screens a withdrawal, hold or correction has cleared; undefined where no gateway tells. Who is gone and comes
 * back with an older position is asked a second time, perhaps by another gateway, so the sums of all count it once.
 */
export function screensCleared(gateways: readonly GatewayReceipt[]): ScreensCleared | undefined {
  const sums = gateways.flatMap(sumsOf)
  if (sums.length === 0) return undefined
  const sum = (of: keyof ConnectionSums) => sums.reduce((total, each) => total + each[of], 0)
  const left = sum('left')
  return cleared(sum('cleared'), sum('missing'), left - Math.min(left, sum('returned')), sum('silent'))
}

/** Of one gateway: who has left it is missing nowhere, or elsewhere. */
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
  // With a gateway, all of its connections are gone.
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
