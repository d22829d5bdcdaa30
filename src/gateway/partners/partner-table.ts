import { createHash } from 'node:crypto'
import { importJWK, type CryptoKey } from 'jose'
import {
  readAccessVersion,
  readPartnerAccess,
  type PartnerAccess,
  type TokenPublicKey,
} from '../../eventlog/partners/partner-access.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { allowsOrigin } from '../../protocol/origin-pattern.ts'

/** The partners as the api has written them, in memory: no reader waits for Redis. */
export class PartnerTable {
  readonly #store: Store
  #version: string | undefined
  #byId: ReadonlyMap<string, PartnerAccess> = new Map()
  #byHash: ReadonlyMap<string, { readonly partner: PartnerAccess; readonly keyId: string }> = new Map()
  #tokenKeys: ReadonlyMap<string, CryptoKey> = new Map()
  #publicKeys: readonly TokenPublicKey[] = []
  /** Whether the partners were read once: until then a request with a key gets 503. */
  loaded = false

  constructor(store: Store) {
    this.#store = store
  }

  /** Reads all partners if another version of them is stored. True: there was a change. Errors: UnavailableError. */
  async look(): Promise<boolean> {
    if (this.loaded && (await readAccessVersion(this.#store)) === this.#version) return false
    const { version, partners, tokenKeys } = await readPartnerAccess(this.#store)
    const imported = await Promise.all(tokenKeys.map(async (key) => [key.kid, await publicKey(key)] as const))
    this.#byId = new Map(partners.map((partner) => [partner.id, partner]))
    this.#byHash = new Map(
      partners.flatMap((partner) =>
        partner.keys.map((key) => [key.hash, { partner, keyId: key.id }] as const),
      ),
    )
    this.#tokenKeys = new Map(imported)
    this.#publicKeys = tokenKeys
    this.#version = version
    this.loaded = true
    return true
  }

  byId(id: string): PartnerAccess | undefined {
    return this.#byId.get(id)
  }

  /** The search is by hash, so its time says nothing about a key. */
  byKey(key: string): { readonly partner: PartnerAccess; readonly keyId: string } | undefined {
    return this.#byHash.get(createHash('sha256').update(key).digest('hex'))
  }

  tokenKey(kid: string): CryptoKey | undefined {
    return this.#tokenKeys.get(kid)
  }

  /** The public keys of tokens (RFC 7517). */
  jwks(): { readonly keys: readonly object[] } {
    return { keys: this.#publicKeys.map((key) => ({ ...key, alg: 'EdDSA', use: 'sig' })) }
  }

  /** Whether pages of this origin may read as pages of some partner. */
  knowsOrigin(origin: string): boolean {
    for (const { origins, onAir } of this.#byId.values())
      if (onAir || allowsOrigin(origins, origin)) return true
    return false
  }
}

async function publicKey(key: TokenPublicKey): Promise<CryptoKey> {
  const imported = await importJWK({ ...key }, 'EdDSA')
  if (imported instanceof Uint8Array) throw new Error('a public key is no secret')
  return imported
}
