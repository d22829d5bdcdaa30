import type { Store } from '../../../src/eventlog/store/store.ts'
import type { Browser } from '../browser.ts'

/** Keeps all that stands in Redis under a prefix, and the cookies of some browsers. The result goes back to that. */
export async function keepState(
  { redis }: Store,
  prefix: string,
  browsers: readonly Browser[],
): Promise<() => Promise<void>> {
  const copyOf = (key: string) => `copy-of-${key}`
  const keys = await redis.keys(`${prefix}*`)
  const kept = redis.multi()
  for (const key of keys) kept.call('COPY', key, copyOf(key))
  await kept.exec()
  const cookies = browsers.map((browser) => ({
    browser,
    cookies: [...browser.cookies],
    csrfToken: browser.csrfToken,
  }))

  return async () => {
    const newer = await redis.keys(`${prefix}*`)
    const back = redis.multi()
    if (newer.length > 0) back.del(...newer)
    for (const key of keys) back.call('COPY', copyOf(key), key)
    await back.exec()
    for (const { browser, cookies: then, csrfToken } of cookies) {
      browser.cookies.clear()
      for (const [name, value] of then) browser.cookies.set(name, value)
      browser.csrfToken = csrfToken
    }
  }
}
