import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

const TWO_MINUTES_MS = 120_000

describe('drills and the label of breaking news on the desk', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await service.createFeed({ id: 'practice', title: 'Practice', lang: 'en', drill: true })
    await newMember(service, 'ann@example.org', { '*': 'editor' })
    await service.post('practice', { text: 'A made earthquake', urgency: 'flash' })
  })

  it('marks the page of a drill by a frame, a word, the title and the sign in the tab, and that of no other feed', async () => {
    const { raw, signIn, barriers, faults } = await openDesk(browser, service)
    await signIn('ann@example.org')
    const feed = raw.getByLabel('Feed', { exact: true })
    await feed.selectOption('practice')
    await raw.locator('.strip').getByText('A made earthquake').waitFor()
    await raw.getByText('Nothing in this feed is news.').waitFor()
    expect(await raw.title()).toMatch(/^DRILL · /)
    const sign = () => raw.locator('link[rel="icon"]').getAttribute('href')
    expect(await sign()).toMatch(/^data:image\/svg/)
    const frame = () => raw.evaluate(`getComputedStyle(document.querySelector('main')).borderTopWidth`)
    expect(await frame()).toBe('12px')
    expect(await feed.locator('option:checked').textContent()).toContain('DRILL')
    expect(await barriers()).toEqual([])
    await raw.emulateMedia({ colorScheme: 'dark' })
    expect(await barriers()).toEqual([])

    await feed.selectOption('en')
    await raw.getByText('Nothing in this feed is news.').waitFor({ state: 'detached' })
    expect(await raw.title()).not.toContain('DRILL')
    expect(await sign()).toMatch(/icon\.svg$/)
    expect(await frame()).toBe('0px')
    expect(faults).toEqual([])
  })

  it('counts down to the end of the label, asks before it, ends it and takes it up again', async () => {
    const { raw, signIn, barriers, faults } = await openDesk(browser, service)
    await signIn('ann@example.org')
    await raw.getByLabel('Feed', { exact: true }).selectOption('en')
    const { id } = await service.post('en', { text: 'Bridge closed', urgency: 'flash' })
    const line = raw.locator('.strip .row').filter({ hasText: 'Bridge closed' })
    await line.getByText(/Breaking for 59:\d\d/).waitFor()
    expect(await line.getByText('Still breaking?').count()).toBe(0)
    await line.getByRole('button', { name: 'Bridge closed' }).click()
    await line.getByRole('button', { name: 'Breaking no more' }).click()
    await line.locator('[data-breaking="ended"]').waitFor()

    const authorization = { Authorization: `Bearer ${service.key}` }
    const address = new URL(`/v1/feeds/en/headlines/${id}`, service.url)
    const etag = (await fetch(address, { headers: authorization })).headers.get('etag') ?? ''
    const relabelled = await fetch(`${address.href}/label`, {
      method: 'POST',
      headers: { ...authorization, 'Content-Type': 'application/json', 'If-Match': etag },
      body: JSON.stringify({ forMs: TWO_MINUTES_MS }),
    })
    expect(relabelled.status).toBe(200)
    await line.getByText('Still breaking?').waitFor()
    expect(await barriers()).toEqual([])
    await raw.locator('button:enabled', { hasText: 'Still breaking' }).waitFor()
    await raw.keyboard.press('KeyB')
    await line.getByText(/Breaking for 59:\d\d/).waitFor()
    expect(await line.getByText('Still breaking?').count()).toBe(0)
    expect(await barriers()).toEqual([])
    expect(faults).toEqual([])
  })
})
