import { AxeBuilder } from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startBuiltService, type BuiltService } from '../support/built-service.ts'
import { openChromium } from '../support/chromium.ts'
import { eventually } from '../support/eventually.ts'

const LIMIT_MS = 15_000
const HOUR_MS = 3_600_000
const phone = { width: 390, height: 844 }

describe('the page for readers', () => {
  let browser: Browser
  let service: BuiltService
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flashline page-'))
    const keyFile = join(folder, 'first-run-key')
    ;[browser, service] = await Promise.all([openChromium(), startBuiltService({ FIRST_KEY_FILE: keyFile })])
    await writeFile(keyFile, service.key)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await service.createFeed({ id: 'ar', title: 'العربية', lang: 'ar' })
    for (let count = 1; count <= 9; count++)
      await service.createFeed({ id: `feed-${count}`, title: `Feed ${count}`, lang: 'en' })
    for (let count = 1; count <= 12; count++)
      await service.post('en', { text: `Headline ${count} of the English feed`, section: 'city' })
    await service.post('feed-1', { text: 'The only one here', urgency: 'flash' })
    await service.post('ar', { text: 'إغلاق الجسر', speaker: 'العمدة' })
  }, 60_000)

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
  })

  afterAll(async () => {
    await Promise.all([browser.close(), service.stop()])
    await rm(folder, { recursive: true, force: true })
  }, 60_000)

  const open = async (path = '/', options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    page.setDefaultTimeout(LIMIT_MS)
    await page.goto(service.url + path)
    return page
  }
  const live = (page: Page): Promise<void> =>
    page.locator('.feed[data-feed="en"][data-status="live"]').waitFor()

  it('has the own words and labels of a feed, also in headlines that come later', async () => {
    const answer = await fetch(`${service.url}/v1/feeds/feed-9/presentation`, {
      method: 'PUT',
      headers: {
        Authorization: `Bearer ${service.key}`,
        'Content-Type': 'application/json',
        'If-Match': '"0"',
      },
      body: JSON.stringify({ words: { flash: 'Just in' }, labels: { city: 'In town' } }),
    })
    expect(answer.status).toBe(200)
    await service.post('feed-9', { text: 'Bridge closed', urgency: 'flash', section: 'city' })
    const page = await open()
    const card = page.locator('.feed[data-feed="feed-9"]')
    await page.locator('.feed[data-feed="feed-9"][data-status="live"]').waitFor()
    await service.post('feed-9', { text: 'Bridge open', urgency: 'flash', section: 'city' })
    await card.getByText('Bridge open').waitFor()
    expect(await card.locator('.flashline-urgency').allTextContents()).toEqual(['Just in', 'Just in'])
    expect(await card.locator('.flashline-slug').allTextContents()).toEqual(['In town', 'In town'])
  })

  it('has the headlines of all feeds without JavaScript', async () => {
    const page = await open('/', { javaScriptEnabled: false })
    expect(await page.locator('.feed').count()).toBe(11)
    expect(await page.locator('[data-feed="en"] .flashline-text').allTextContents()).toHaveLength(12)
    expect(await page.locator('[data-feed="ar"] .flashline-headline').textContent()).toBe(
      'العمدة: إغلاق الجسر',
    )
    expect(await page.locator('[data-feed="feed-2"] .notice').textContent()).toBe('No breaking news')
    expect(await page.locator('noscript').textContent()).toContain('Reload it for newer ones')
  })

  it('does not shift while eleven feeds become live', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.addInitScript(`
      window.shift = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })`)
    await page.goto(service.url)
    await eventually('all feeds are live', LIMIT_MS, async () => {
      return (await page.locator('.feed[data-status="live"]').count()) === 11
    })
    await page.evaluate(
      'new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))',
    )
    expect(Number(await page.evaluate('window.shift'))).toBeLessThan(0.05)
  })

  it.each([true, false])('shows a phone one feed, by choice (JavaScript: %s)', async (javaScriptEnabled) => {
    const page = await open('/', { viewport: phone, javaScriptEnabled })
    const visible = async (): Promise<string[]> => {
      const cards = await page.locator('.feed').all()
      const shown = await Promise.all(cards.map(async (card) => ((await card.isVisible()) ? [card] : [])))
      return Promise.all(shown.flat().map(async (card) => (await card.getAttribute('data-feed')) ?? ''))
    }
    expect(await visible()).toEqual(['ar'])
    await page.locator('#choice a[href="#feed-en"]').click()
    expect(await visible()).toEqual(['en'])
    if (javaScriptEnabled)
      expect(await page.locator('#choice [aria-current=true]').getAttribute('href')).toBe('#feed-en')
    await page.goto(`${service.url}/#feed-feed-1`)
    expect(await visible()).toEqual(['feed-1'])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone.width)
  })

  it('announces a flash in its language, and no other headline', async () => {
    const page = await open()
    await live(page)
    await service.post('en', { text: 'Quiet news', urgency: 'urgent' })
    await service.post('en', { text: 'Puente cerrado', urgency: 'flash', lang: 'es' })
    const said = page.locator('#announcement')
    await said.filter({ hasText: 'Flash: Puente cerrado' }).waitFor()
    expect(await said.locator('[lang="es"]').textContent()).toBe('Puente cerrado')
    expect(await said.textContent()).not.toContain('Quiet')
    expect(await said.getAttribute('role')).toBe('status')
  })

  it.each([-2, 2])('tells ages by the server’s clock when the reader’s clock is %i h off', async (hours) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    page.setDefaultTimeout(LIMIT_MS)
    await page.addInitScript(`{
      const now = Date.now
      Date.now = () => now() + ${hours * HOUR_MS}
    }`)
    await page.goto(service.url)
    await live(page)
    const text = `Now, ${hours} h`
    await service.post('en', { text })
    const line = page.locator('[data-feed="en"] .flashline-line').filter({ hasText: text })
    await line.waitFor()
    expect(await line.locator('.flashline-time').textContent()).toBe('now')
  })

  it('keeps the keyboard’s place when its headline moves or goes', async () => {
    const faults: string[] = []
    const page = await open()
    page.on('pageerror', (error) => faults.push(String(error)))
    await live(page)
    const post = (text: string): ReturnType<BuiltService['post']> =>
      service.post('en', { text, link: 'https://example.org/' })
    await post('Below')
    const goes = await post('Goes away')
    const focused = async (): Promise<string> =>
      String(await page.evaluate('document.activeElement.textContent'))
    await page.locator('a').filter({ hasText: 'Goes away' }).focus()

    await post('A newer one')
    await page.locator('a').filter({ hasText: 'A newer one' }).waitFor()
    expect(await focused()).toBe('Goes away')
    await service.withdraw('en', goes, { reason: 'not true' })
    await page.locator('a').filter({ hasText: 'Goes away' }).waitFor({ state: 'detached' })
    expect(await focused()).toBe('Below')
    expect(faults).toEqual([])
  })

  it('tells how to post with commands that work as copied', async () => {
    const page = await open('/how-to-post')
    const post = (await page.locator('#post-command').textContent()) ?? ''
    const { stdout } = await promisify(execFile)('sh', ['-c', post.replace('curl', 'curl -s')])
    const answer = JSON.parse(stdout) as { headline: { id: string; status: string } }
    expect(answer.headline.status).toBe('live')

    const withdraw = ((await page.locator('#withdraw-command').textContent()) ?? '').replace(
      '/ID/',
      `/${answer.headline.id}/`,
    )
    const withdrawn = await promisify(execFile)('sh', ['-c', withdraw.replace('curl', 'curl -s')])
    expect(JSON.parse(withdrawn.stdout)).toMatchObject({ headline: { status: 'withdrawn' } })
    await page.getByRole('button', { name: 'Copy: Post a headline' }).click()
    await page
      .locator('#copied')
      .filter({ hasText: /Copied|Selected/ })
      .waitFor()
  })

  it('names the file of the key only to readers on this computer', async () => {
    const { port } = new URL(service.url)
    const { stdout } = await promisify(execFile)('curl', [
      '-s',
      '-H',
      `Host: news.example:${port}`,
      `${service.url}/how-to-post`,
    ])
    expect(stdout).toContain('Bearer $FLASHLINE_KEY')
    expect(stdout).not.toContain('first-run-key)')
  })

  it('answers an unknown address with a page for people, and with a problem for programs', async () => {
    const page = await open('/no-such-page')
    expect(await page.locator('h1').textContent()).toBe('There is no page at this address')
    await page.getByRole('link', { name: 'The headlines of all feeds' }).click()
    await live(page)

    const ask = (path: string, accept: string) =>
      page.request.get(service.url + path, { headers: { accept } })
    expect((await ask('/no-such-page', 'text/html')).status()).toBe(404)
    for (const [path, accept] of [
      ['/no-such-page', '*/*'],
      ['/v1/nothing', 'text/html'],
    ] as const) {
      const answer = await ask(path, accept)
      expect([answer.status(), answer.headers()['content-type']]).toEqual([404, 'application/problem+json'])
    }
    const icon = await page.request.get(`${service.url}/favicon.ico`)
    expect(icon.headers()['content-type']).toContain('svg')
  })

  it.each(['/', '/how-to-post', '/no-such-page'])('has no fault that axe finds: %s', async (path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open(path, { colorScheme })
      if (path === '/') await live(page)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([])
    }
  })
})
