import { createHash, timingSafeEqual } from 'node:crypto'

/** The form in which Redis stores a secret. A fast hash is enough, since a secret has 256 random bits. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

const NO_HASH = '0'.repeat(64)

/** Takes as long without a hash as with the hash of another secret. */
export function isSecretOf(secret: string, hash: string | undefined): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(hash ?? NO_HASH))
}
