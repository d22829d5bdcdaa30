import { createHmac, createPrivateKey, sign, type KeyObject } from 'node:crypto'

/** The keys of one webhook: a secret for HMAC (`v1`) and an Ed25519 key (`v1a`), as Standard Webhooks has them. */
export interface WebhookKey {
  /** `whsec_` and base64. */
  readonly secret: string
  /** Public and private part of the Ed25519 key, base64url. */
  readonly x: string
  readonly d: string
}

/** The form in which partners get the public key. */
export function publicKeyText({ x }: Pick<WebhookKey, 'x'>): string {
  return `whpk_${Buffer.from(x, 'base64url').toString('base64')}`
}

/** Importing a key costs more than signing with it. */
const imported = new WeakMap<WebhookKey, KeyObject>()

/**
 * The headers of one try: signatures over id, time of the try and body, by each key. All `v1` come first, because some
 * receivers look at the first signature only.
 */
export function signedHeaders(
  keys: readonly WebhookKey[],
  id: string,
  body: string,
  nowMs: number,
): Record<string, string> {
  const seconds = String(Math.floor(nowMs / 1_000))
  const signed = `${id}.${seconds}.${body}`
  const signatures = [
    ...keys.map(
      ({ secret }) => `v1,${createHmac('sha256', secretBytes(secret)).update(signed).digest('base64')}`,
    ),
    ...keys.map((key) => `v1a,${sign(null, Buffer.from(signed), privateKeyOf(key)).toString('base64')}`),
  ]
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') }
}

function secretBytes(secret: string): Buffer {
  return Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64')
}

function privateKeyOf(key: WebhookKey): KeyObject {
  const known = imported.get(key)
  if (known) return known
  const { x, d } = key
  const made = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x, d }, format: 'jwk' })
  imported.set(key, made)
  return made
}
