import { randomBytes } from 'node:crypto'

/** Randomness comes in, so that a test can say what it is. */
export interface Ids {
  readonly requestId: () => string
  /** 128 bits: nobody finds a headline by guessing. */
  readonly headlineId: () => string
}

export const randomIds: Ids = {
  requestId: () => randomBytes(12).toString('base64url'),
  headlineId: () => randomBytes(16).toString('base64url'),
}
