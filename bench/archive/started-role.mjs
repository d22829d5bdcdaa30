import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startChild } from '../support/child.mjs'

export const key = 'bench-key-of-thirty-two-characters-or-more'
const readyLimitMs = 120_000

/**
 * Starts a role on a state as `npm run start:…` does, and waits until /readyz says that it is ready.
 *
 * @param {import('./context.mjs').Context} context
 * @param {import('./state.mjs').State} state
 * @param {'all' | 'api' | 'gateway' | 'worker'} role
 * @param {Record<string, string>} [env]
 */
export async function startRole({ dist, sizes }, { redis, archiveUrl }, role, env = {}) {
  const begun = performance.now()
  const child = await startChild(
    [process.execPath, '--max-semi-space-size=16', join(dist, 'src/main.js'), role],
    {
      env: {
        ...redis.roleUrls(),
        HOST: '127.0.0.1',
        PORT: '0',
        BOOTSTRAP_KEY: key,
        WRITES_PER_MINUTE: '1000000',
        RESUME_EVENTS: String(sizes.resumeEvents),
        LOG_LEVEL: 'warn',
        ARCHIVE_URL: archiveUrl,
        DRAIN_MS: '0',
        ...env,
      },
    },
  )
  try {
    const { url } = await child.ready
    await untilReady(url)
    return { url: String(url), pid: child.pid, startMs: performance.now() - begun, stop: child.stop }
  } catch (error) {
    await child.stop()
    throw error
  }
}

/** @param {string} url */
async function untilReady(url) {
  for (const limit = performance.now() + readyLimitMs; ; await pause(5)) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    if (performance.now() > limit) throw new Error(`not ready: ${await answer?.text()}`)
  }
}
