import { createHash, timingSafeEqual } from 'node:crypto'

/** How a secret lies in Redis. A plain hash is enough: what it hides has 256 random bits. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

const NO_HASH = '0'.repeat(64)

/** Takes as long for a secret that nobody has as for a wrong one. */
export function isSecretOf(secret: string, hash: string | undefined): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash ?? NO_HASH))
}
