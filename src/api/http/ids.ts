import { randomBytes } from 'node:crypto'

/** A source of ids, so that a test can choose them. */
export interface Ids {
  readonly requestId: () => string
  /** 128 random bits, so that a headline cannot be found by guessing. */
  readonly headlineId: () => string
}

export const randomIds: Ids = {
  requestId: () => randomBytes(12).toString('base64url'),
  headlineId: () => randomBytes(16).toString('base64url'),
}
