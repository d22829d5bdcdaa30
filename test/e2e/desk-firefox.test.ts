import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { password } from '../support/browser.ts'
import { startBuiltService, type BuiltService } from '../support/built-service.ts'
import { newMember } from '../support/desk-page.ts'
import { eventually } from '../support/eventually.ts'
import { openFirefox, type FirefoxBrowser, type FirefoxPage } from '../support/firefox.ts'

const LIMIT_MS = 30_000
const path = process.env.FIREFOX_PATH
const inFirefox = path ? describe : describe.skip
const watchPolicy = `
window.faults = []
addEventListener('securitypolicyviolation', (e) => faults.push('CSP ' + e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sample))
addEventListener('error', (e) => faults.push(String(e.message)))`

inFirefox('the desk in Firefox', () => {
  let browser: FirefoxBrowser
  let service: BuiltService
  beforeAll(async () => {
    ;[browser, service] = await Promise.all([openFirefox(path ?? ''), startBuiltService()])
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await newMember(service, 'ann@example.org', { '*': 'editor' })
  }, 90_000)
  afterAll(async () => {
    await browser.close()
    await service.stop()
  }, 60_000)

  const shows = (page: FirefoxPage, what: string, expression: string) =>
    eventually(what, LIMIT_MS, () => page.evaluate<boolean>(`Boolean(${expression})`))
  const field = (label: string) =>
    `[...document.querySelectorAll('label')].find(({ textContent }) => textContent.startsWith('${label}'))?.control`
  const button = (name: string) =>
    `[...document.querySelectorAll('button:enabled')].find(({ textContent }) => textContent === '${name}')`
  const onStrip = (words: string) => `document.querySelector('.strip')?.textContent.includes('${words}')`

  it('a line is written, published, found in the palette and withdrawn by keys, under the strict policy', async () => {
    const page = await browser.open(new URL('/desk', service.url).href, watchPolicy)
    await shows(page, 'the sign-in shows', field('Email'))
    await page.evaluate(`${field('Email')}.focus()`)
    await page.type('ann@example.org')
    await page.evaluate(`${field('Password')}.focus()`)
    await page.type(password)
    await page.press('Enter')

    await shows(page, 'the desk shows', `document.querySelector('[data-composer]')`)
    await page.press('n')
    await shows(page, 'the composer has the keyboard', `document.activeElement?.matches('[data-composer]')`)
    await page.type('Sent from Firefox')
    await page.press('Control', 'Enter')
    await shows(page, 'readers see the line', onStrip('Sent from Firefox'))
    await shows(
      page,
      'its result shows',
      `document.querySelector('.receipts')?.textContent.includes('Sent from Firefox')`,
    )

    await page.press('Escape')
    await page.press('Control', 'k')
    const palette = `document.querySelector('[role="dialog"] input')`
    await shows(page, 'the palette has the keyboard', `document.activeElement === ${palette}`)
    await page.type('archive')
    await shows(page, 'the palette finds', button('Archive'))
    await page.press('Escape')
    await shows(page, 'the palette is closed', `${palette} === null`)

    await page.press('j')
    await shows(page, 'the line has its acts', button('Withdraw'))
    await page.press('w')
    await shows(page, 'the withdrawal is asked for', button('Withdraw for good'))
    await page.press('Enter')
    await shows(page, 'readers see the line no more', `!(${onStrip('Sent from Firefox')})`)
    expect(await page.evaluate('faults')).toEqual([])
    await page.close()
  })
})
