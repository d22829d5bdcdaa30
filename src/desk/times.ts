const FARTHEST_RELEASE_MS = 366 * 86_400_000

export type TimeFault = 'release-in-past' | 'release-too-far' | 'expires-before-release'

/** ms since 1970. */
export interface Times {
  readonly now: number
  readonly releaseAt?: number | undefined
  readonly expiresAt?: number | undefined
}

/** undefined when the times of a line fit together. */
export function timeFault({ now, releaseAt, expiresAt }: Times): TimeFault | undefined {
  const release = releaseAt ?? now
  if (release < now) return 'release-in-past'
  if (release - now > FARTHEST_RELEASE_MS) return 'release-too-far'
  if (expiresAt !== undefined && expiresAt <= release) return 'expires-before-release'
  return undefined
}

/** When a line goes whose editor did not say: RFC 3339, UTC. */
export function defaultExpiry(releaseMs: number, defaultMs: number): string {
  return new Date(releaseMs + defaultMs).toISOString()
}
