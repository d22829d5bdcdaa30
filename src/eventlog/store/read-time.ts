import type { Store } from './store.ts'
import { answered } from './scripts.ts'

/** Redis's own clock, in ms since 1970. Errors: UnavailableError. */
export async function readTime({ redis }: Store): Promise<number> {
  const [seconds, micros] = await answered(redis.time())
  return Number(seconds) * 1_000 + Number(micros) / 1_000
}
