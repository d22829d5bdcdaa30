import { readTime } from '../../eventlog/store/read-time.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { within } from '../../platform/lifecycle.ts'

const ASK_AFTER_MS = 1_000
/** With the time before the question 1.75 s: Redis may be busy with one script for 1.5 s. */
const ANSWER_LIMIT_MS = 750

/**
 * The result of `work`, which may take its time, for example in the archive. Errors: those of `work`; one after 1.75 s
 * where Redis does not answer either, sooner than its commands fail.
 */
export async function whileRedisAnswers<T>(store: Store, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      within(readTime(store), ANSWER_LIMIT_MS).catch(reject)
    }, ASK_AFTER_MS)
  })
  return Promise.race([work, silence]).finally(() => {
    clearTimeout(timer)
  })
}
