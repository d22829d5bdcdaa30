import { describe, expect, it } from '@jest/globals'
import { password } from '../support/browser.ts'
import { openDesk } from '../support/desk-page.ts'
import { makePartner, outputOnAir } from '../support/output-on-air.ts'
import { onStrip, withDeskFeeds } from '../support/with-desk-feeds.ts'

/** The width of the page that does not fit into the window. */
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'

describe('outputs on air at the desk', () => {
  const newsroom = withDeskFeeds({ 'ann@example.org': 'editor' })

  it('shows in the receipt of a line when an output has shown it', async () => {
    const { service, feed } = newsroom
    const line = await service.post(feed, { text: 'Bridge closed' })
    const studio = await outputOnAir(service, 'Studio 1', feed)
    const now = Date.now()
    await studio.report(line, 'first', new Date(now - 60_000).toISOString())
    const ann = await newsroom.openFor('ann@example.org')
    const row = onStrip(ann, 'Bridge closed')
    await row.getByRole('button').click()
    const painted = row.locator('[data-paintings] li', { hasText: 'Studio 1' })
    await painted.getByText('no last frame reported').waitFor()
    expect(await ann.barriers()).toEqual([])
    const last = new Date(now).toISOString()
    await studio.report(line, 'last', last)
    await painted.locator(`[data-last="${last}"]`).waitFor()

    await row.locator(`a[href="#/archive/${line.id}"]`).click()
    await ann.raw.locator(`[data-painting="Studio 1"] [data-last="${last}"]`).waitFor()
    expect(await ann.barriers()).toEqual([])
    expect(ann.faults).toEqual([])
  })

  it.each(['en-GB', 'ar'])('shows what is in the picture of each output now: %s', async (locale) => {
    const { service, feed } = newsroom
    const line = await service.post(feed, { text: 'Ferry late' })
    const studio = await outputOnAir(service, 'Studio 1', feed)
    await outputOnAir(service, 'Studio 2', feed)
    const ann = await openDesk(newsroom.browser, service, { path: '/desk#/newsroom', locale })
    await ann.raw.locator('input[type="email"]').fill('ann@example.org')
    await ann.raw.locator('input[type="password"]').fill(password)
    await ann.raw.keyboard.press('Enter')
    await ann.raw.locator(`select:has(option[value="${feed}"])`).selectOption(feed)
    const panel = ann.raw.locator('[data-outputs]')
    const output = (name: string, state: string) =>
      panel.locator(`[data-output="${name}"][data-state="${state}"]`)
    await output('Studio 1', 'silent').waitFor()

    const at = new Date().toISOString()
    await studio.report(line, 'first', at)
    await output('Studio 1', 'shows').getByText('Ferry late').waitFor()
    await output('Studio 2', 'silent').waitFor()
    expect(await ann.barriers()).toEqual([])
    expect(await ann.raw.evaluate(overflow)).toBeLessThanOrEqual(0)

    // The output cannot hear the withdrawal: the desk tells that wrong words are in its picture.
    await service.withdraw(feed, line, { reason: 'not true' })
    const left = output('Studio 1', 'shows').locator('[data-not-live]')
    await left.locator(`a[href="#/archive/${line.id}"]`).waitFor()
    expect(await ann.barriers()).toEqual([])
    await studio.report(line, 'last', new Date().toISOString())
    await output('Studio 1', 'empty').waitFor()

    const preview = panel.locator('.outputs-preview a')
    expect(await preview.getAttribute('href')).toBe(`/on-air/${feed}?look=crawl`)
    expect((await fetch(new URL(`/on-air/${feed}?look=crawl`, service.url))).status).toBe(200)
    expect(ann.faults).toEqual([])
  })

  it('counts readers and partners, and keeps the figures while the desk is calm', async () => {
    const { service, feed } = newsroom
    const ann = await newsroom.openFor('ann@example.org')
    const partners = ann.raw.locator('[data-output-partners] dd')
    await partners.getByText(/^0; today 0 requests, 0 streams$/).waitFor()
    await service.post(feed, { text: 'Market opens' })
    await ann.raw
      .locator('[data-output-web]')
      .getByText(/^\d+ readers?$/)
      .waitFor()
    await ann.raw.getByRole('button', { name: 'Calm' }).click()
    const reads = ann.raw.waitForResponse(async (answer) => {
      if (!answer.url().endsWith(`/v1/feeds/${feed}/outputs`)) return false
      return ((await answer.json()) as { partners: { count: number } }).partners.count === 1
    })
    await makePartner(service, feed)
    await reads
    expect(await partners.textContent()).toBe('0; today 0 requests, 0 streams')
    await ann.raw.getByRole('button', { name: 'Calm' }).click()
    await partners.getByText(/^1; today/).waitFor()
    expect(ann.faults).toEqual([])
  })
})
