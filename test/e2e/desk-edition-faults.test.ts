import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { openChromium } from '../support/chromium.ts'
import { Cluster, editorKey } from '../support/cluster.ts'
import { newMember, openDesk, type DeskPage } from '../support/desk-page.ts'
import { eventually } from '../support/eventually.ts'

const STARTING_LIMIT_MS = 120_000
const LIMIT_MS = 60_000
const feeds = ['ar', 'en', 'es']

describe('an edition that a fault interrupts', () => {
  let browser: Browser
  let cluster: Cluster
  let sent = 0

  beforeAll(async () => {
    ;[browser, cluster] = await Promise.all([openChromium(), Cluster.start()])
    for (const feed of feeds)
      await eventually('the feed is there', LIMIT_MS, async () =>
        [200, 201, 409].includes(
          (await call('/v1/feeds', { id: feed, title: `Feed ${feed}`, lang: feed })).status,
        ),
      )
    await newMember({ url: apiUrl(), key: editorKey }, 'ann@example.org', { '*': 'editor' })
  }, STARTING_LIMIT_MS)
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
  })
  afterAll(async () => {
    await browser.close()
    await cluster.close()
  }, LIMIT_MS)

  const apiUrl = () => cluster.apis[0]?.url ?? ''

  function call(path: string, body?: object): Promise<Response> {
    return fetch(new URL(path, apiUrl()), {
      method: body ? 'POST' : 'GET',
      headers: { Authorization: `Bearer ${editorKey}`, 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(10_000),
      ...(body && { body: JSON.stringify(body) }),
    })
  }

  async function linesOf(feed: string, words: string): Promise<readonly object[]> {
    const query = new URLSearchParams({ q: words, limit: '50' })
    const answer = await call(`/v1/feeds/${feed}/headlines?${query.toString()}`)
    return ((await answer.json()) as { headlines: object[] }).headlines
  }

  /** A desk whose edition is written, and the keys under which it is sent. */
  async function written(): Promise<{ desk: DeskPage; keys: string[]; words: string }> {
    const desk = await openDesk(browser, { url: apiUrl() }, { path: '/desk#/editions' })
    desk.raw.setDefaultTimeout(LIMIT_MS)
    const keys: string[] = []
    desk.raw.on('request', (request) => {
      if (request.method() === 'POST' && new URL(request.url()).pathname === '/v1/editions')
        keys.push(request.headers()['idempotency-key'] ?? '')
    })
    await desk.signIn('ann@example.org')
    const words = `interrupted${++sent}`
    for (const feed of feeds) await desk.raw.locator(`[data-text="${feed}"]`).fill(`${feed} ${words}`)
    return { desk, keys, words }
  }

  /** Sends again until all parts are out: one line in each feed, by one key. */
  async function goesOutOnce({ desk, keys, words }: Awaited<ReturnType<typeof written>>): Promise<void> {
    await eventually('all parts are out', LIMIT_MS, async () => {
      if (await desk.raw.getByText('3 of 3 parts are out').count()) return true
      const again = desk.raw.getByRole('button', { name: /^Send (in all feeds|the refused parts again)$/ })
      if ((await again.count()) && (await again.isEnabled())) await again.click({ timeout: 1_000 })
      return false
    })
    expect(new Set(keys).size).toBe(1)
    for (const feed of feeds) {
      await desk.raw.locator(`[data-feed="${feed}"]`).getByText('Live').waitFor()
      expect(await linesOf(feed, words)).toHaveLength(1)
    }
    expect(await desk.raw.locator('[data-refused]').count()).toBe(0)
    expect(desk.faults).toEqual([])
  }

  const posted = (desk: DeskPage) =>
    desk.raw.waitForRequest(
      (request) => request.method() === 'POST' && request.url().endsWith('/v1/editions'),
    )

  it('by a restart of the api goes out once in each feed, by the same key', async () => {
    const edition = await written()
    const { desk } = edition
    process.kill(cluster.redisPid, 'SIGSTOP')
    try {
      const request = posted(desk)
      await desk.raw.keyboard.press('Control+Enter')
      await request
      await cluster.apis[0]?.kill()
    } finally {
      process.kill(cluster.redisPid, 'SIGCONT')
    }
    await desk.raw.getByText('perhaps').or(desk.raw.getByText('it may have been sent')).first().waitFor()
    await cluster.apis[0]?.start()
    await goesOutOnce(edition)
  })

  it('by a restart of Redis keeps its failed parts red, and goes out once in each feed', async () => {
    const edition = await written()
    const { desk } = edition
    process.kill(cluster.redisPid, 'SIGSTOP')
    const request = posted(desk)
    await desk.raw.keyboard.press('Control+Enter')
    await request
    await cluster.killRedis()
    await desk.raw.locator('.fault').filter({ hasText: /./ }).first().waitFor()
    for (const feed of feeds)
      expect(await desk.raw.locator(`[data-text="${feed}"]`).inputValue()).toBe(`${feed} ${edition.words}`)
    await cluster.startRedis()
    await goesOutOnce(edition)
  })

  it('by an answer that is lost goes out once, also when a text is changed before it is sent again', async () => {
    const { desk, keys, words } = await written()
    await desk.raw.route('**/v1/editions', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await desk.raw.keyboard.press('Control+Enter')
    await desk.raw.getByText('it may have been sent').first().waitFor()
    await desk.raw.unroute('**/v1/editions')
    await desk.raw.locator('[data-text="en"]').fill(`en ${words} with other words`)
    await desk.raw.keyboard.press('Control+Enter')
    await desk.raw
      .locator('[data-feed="en"][data-refused]')
      .getByText('sent before with other words')
      .waitFor()
    expect(new Set(keys).size).toBe(1)
    for (const feed of feeds) expect(await linesOf(feed, words)).toHaveLength(1)
    expect(desk.faults).toEqual([])
  })
})
