/** Who did something, and why; for the newsroom only. */
export interface Act {
  /** The credential, `user:<account id>` or `key:<key id>`; `flashline` for the service itself. */
  readonly by: string
  /** Who answers for it: the account's id, for a key that of its owner. */
  readonly person: string
  /** The name then: it says who it was when account or key are gone. */
  readonly name: string
  readonly reason?: string
  /** From where. */
  readonly ip?: string
}
