/** A partner as the API answers it, as far as the desk shows it. */
export interface Partner {
  readonly id: string
  readonly name: string
  readonly contact: string
  readonly feeds: readonly string[]
  readonly filter: {
    readonly section?: readonly string[]
    readonly region?: readonly string[]
    readonly urgency?: string
  }
  readonly origins: readonly string[]
  readonly expiresAt?: string
  /** An output on air: its keys begin with `fo_`. */
  readonly onAir?: true
  readonly version: number
  readonly keys: readonly PartnerKey[]
  readonly proposal?: { readonly by: string }
}

export interface PartnerKey {
  readonly id: string
  readonly createdAt: string
  readonly by: string
  readonly until?: string
  readonly waitsFor?: 'approval'
}

/** A new key, with its secret, which no other answer has. */
export interface IssuedKey extends PartnerKey {
  readonly key: string
}

export interface PartnerUsage {
  readonly total: {
    readonly requests: number
    readonly connections: number
    readonly deliveries: number
    readonly bytes: number
  }
}

/** The words of a field with commas between them. */
export function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '')
}
