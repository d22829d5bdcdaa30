const FARTHEST_RELEASE_MS = 366 * 86_400_000

export type TimeFault = 'embargo-in-past' | 'release-too-far' | 'expires-before-release' | 'expires-too-late'

/** ms since 1970. */
export interface Times {
  readonly now: number
  readonly releaseAt?: number | undefined
  readonly expiresAt?: number | undefined
  /** The longest time for which a headline may show. */
  readonly maxShownMs?: number
}

/** The fault of a headline's times; undefined when they are consistent. */
export function timeFault({
  now,
  releaseAt,
  expiresAt,
  maxShownMs = Infinity,
}: Times): TimeFault | undefined {
  const release = releaseAt ?? now
  if (release < now) return 'embargo-in-past'
  if (release - now > FARTHEST_RELEASE_MS) return 'release-too-far'
  if (expiresAt === undefined) return undefined
  if (expiresAt <= release) return 'expires-before-release'
  if (expiresAt - release > maxShownMs) return 'expires-too-late'
  return undefined
}

/** The expiry of a headline whose editor has not set one: RFC 3339, UTC. */
export function defaultExpiry(releaseMs: number, defaultMs: number): string {
  return new Date(releaseMs + defaultMs).toISOString()
}
