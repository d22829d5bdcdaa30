import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { openChromium } from '../support/chromium.ts'
import { openOtherSite, type OtherSite } from '../support/other-site.ts'
import { startSystem, type System } from '../support/system.ts'

let browser: Browser
let allowed: OtherSite
let refused: OtherSite
let system: System
beforeAll(async () => {
  ;[browser, allowed, refused] = await Promise.all([openChromium(), openOtherSite(), openOtherSite()])
  system = await startSystem({ ALLOWED_ORIGINS: allowed.origin })
}, 60_000)
afterAll(async () => {
  await browser.close()
  allowed.close()
  refused.close()
  await system.close()
}, 60_000)

async function visit(site: OtherSite): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(site.page('<p>A page of another site'))
  return page
}

/** What a fetch in the page gives: the status, the ETag and the first `bytes` characters of the body. */
function ask(page: Page, path: string, headers: Record<string, string>, until = '') {
  return page.evaluate(
    async ({ url, headers, until }) => {
      try {
        const control = new AbortController()
        const answer = await fetch(url, { headers, signal: control.signal })
        const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
        let text = ''
        while (reader && !(until !== '' && text.includes(until))) {
          const { done, value } = await reader.read()
          if (done) break
          text += value
        }
        control.abort()
        return { status: answer.status, etag: answer.headers.get('etag'), text }
      } catch (error) {
        return { status: String(error), etag: null, text: '' }
      }
    },
    { url: system.url + path, headers, until },
  )
}

it('a script of an allowed site resumes an event stream with Last-Event-ID', async () => {
  const [first, second] = await system.publish('en', ['Before', 'Missed'])
  const page = await visit(allowed)
  const headers = { accept: 'text/event-stream', 'last-event-id': first?.position ?? '' }
  const { status, text } = await ask(page, '/v1/feeds/en/events', headers, 'Missed')
  expect(status).toBe(200)
  expect(text).toContain(`"position":"${second?.position}"`)
  expect(text).not.toContain('"reset"')
  await page.close()
})

it('a script of an allowed site reads the ETag and sends it with If-None-Match', async () => {
  const page = await visit(allowed)
  const { status, etag } = await ask(page, '/v1/feeds/en', {})
  expect([status, etag]).toEqual([200, expect.stringMatching(/^".+"$/)])
  expect(await ask(page, '/v1/feeds/en', { 'if-none-match': etag ?? '' })).toMatchObject({
    status: 304,
    etag,
  })
  await page.close()
})

it('a script of another site gets nothing', async () => {
  const page = await visit(refused)
  for (const headers of [{ 'last-event-id': 'aaaaaaaa:1' }, { 'if-none-match': '"a"' }] as Record<
    string,
    string
  >[]) {
    const answer = await ask(page, '/v1/feeds/en', headers)
    expect(answer).toEqual({ status: 'TypeError: Failed to fetch', etag: null, text: '' })
  }
  expect(await ask(page, '/v1/feeds/en', {})).toMatchObject({
    status: 403,
    etag: null,
    text: expect.not.stringContaining('strip'),
  })
  await page.close()
})
