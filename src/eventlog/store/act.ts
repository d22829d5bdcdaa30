/** The actor of an act and the actor's reason. Only the newsroom sees them. */
export interface Act {
  /** The credential, `user:<account id>` or `key:<key id>`, `output:<id>` of an output on air; `flashline` for the service itself. */
  readonly by: string
  /** Account id of the responsible person: the person that acts, or the owner of the API key that acts. */
  readonly person: string
  /** Name of the account or key at the time of the act: it stays readable when the account or key is deleted. */
  readonly name: string
  readonly reason?: string
  /** The storage has lost this act under this number of the audit, and the service has carried it out again. */
  readonly repeats?: number
  /** Address of the client. */
  readonly ip?: string
}

export function withoutAddress({ ip: _, ...act }: Act): Act {
  return act
}
