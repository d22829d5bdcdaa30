/** A feed with many lines, the people who work in it, and the lines that others send meanwhile. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startChild } from '../support/child.mjs'
import { Editor } from '../support/editor.mjs'

const key = 'bench-key-of-thirty-two-characters-or-more'
export const feed = 'bench'
export const path = `/v1/feeds/${feed}/headlines`
const onStrip = 200
const drafts = 800
/** One connection has a request after the other; a busy service needs several for the pace. */
const senders = 6

/**
 * @typedef {object} Newsroom
 * @property {string} url
 * @property {(context: import('playwright-core').BrowserContext, email: string) => Promise<void>} signIn
 * @property {(text: string) => Promise<unknown>} post a line that is released at once
 * @property {<T>(perSecond: number, task: () => Promise<T>) => Promise<{ result: T, perSecond: number }>} during
 * @property {() => Promise<unknown>} close
 */

/**
 * @param {string} dist
 * @param {Awaited<ReturnType<typeof import('../../scripts/support/redis-server.mjs').startRedis>>} redis
 * @returns {Promise<Newsroom>}
 */
export async function openNewsroom(dist, redis) {
  const service = await startChild([process.execPath, join(dist, 'src/main.js'), 'all'], {
    env: {
      ...redis.roleUrls(),
      HOST: '127.0.0.1',
      PORT: '0',
      BOOTSTRAP_KEY: key,
      WRITES_PER_MINUTE: '1000000',
      LOG_LEVEL: 'error',
      ARCHIVE_URL: 'off',
      DRAIN_MS: '0',
    },
  })
  const { url } = await service.ready
  const editors = Array.from({ length: senders }, () => new Editor(String(url), key))
  let posted = 0
  const post = (/** @type {string} */ text, /** @type {object} */ more = {}) =>
    editors[posted++ % senders]?.ask('POST', path, { body: { text, ...more } }) ?? Promise.resolve()

  const undoMs = { flash: 0, bulletin: 0, urgent: 0, routine: 0 }
  const policy = { undoMs, releasesPerMinute: 100_000, duplicateWithinMs: 0 }
  const body = { id: feed, title: 'Bench', lang: 'en', stripLimit: onStrip, policy }
  await editors[0]?.ask('POST', '/v1/feeds', { body })
  const stored = Array.from({ length: drafts + onStrip }, (_, n) => n)
  while (stored.length > 0)
    await Promise.all(
      stored
        .splice(0, senders)
        .map((n) => post(textOf(`stored ${n}`), n < drafts ? { then: 'keep' } : undefined)),
    )

  return {
    url: String(url),
    async signIn(context, email) {
      const invitation = await editors[0]?.ask('POST', '/v1/invitations', {
        body: { email, roles: { '*': 'editor' } },
      })
      const { token } = invitation?.body ?? {}
      const answer = await context.request.post(`${url}/v1/invitations/accept`, {
        headers: { origin: String(url) },
        data: { token, name: email, password: 'correct horse battery' },
      })
      if (!answer.ok()) throw new Error(`${email}: ${answer.status()} ${await answer.text()}`)
    },
    post: (text) => post(text),
    async during(perSecond, task) {
      const begun = performance.now()
      let count = 0
      let isOver = false
      const seconds = () => (performance.now() - begun) / 1_000
      const sending = Promise.all(
        editors.map(async () => {
          while (!isOver) {
            if (count < perSecond * seconds()) await post(textOf(`event ${++count} ${Math.round(begun)}`))
            else await pause(5)
          }
        }),
      )
      try {
        const result = await task()
        return { result, perSecond: count / seconds() }
      } finally {
        isOver = true
        await sending
      }
    },
    async close() {
      for (const editor of editors) editor.close()
      await service.stop()
    },
  }
}

/**
 * A line of the usual length.
 *
 * @param {string} name
 */
export function textOf(name) {
  return `The council of Marrowick votes on the new bridge after a long debate, ${name}`
}
