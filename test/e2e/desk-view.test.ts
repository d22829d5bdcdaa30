import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk } from '../support/desk-page.ts'
import { eventually } from '../support/eventually.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

/** The width of the page that does not fit into the window. */
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const HOUR_MS = 3_600_000

describe('the desk of a feed', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await service.createFeed({ id: 'ar', title: 'العربية', lang: 'ar' })
    await newMember(service, 'ann@example.org', { '*': 'editor' })
    await service.post('en', { text: 'Bridge closed', urgency: 'flash' })
    await service.post('en', { text: 'Market opens', urgency: 'routine' })
    await service.post('en', { text: 'Airport reopens', urgency: 'urgent', then: 'submit' })
    await service.post('en', { text: 'A draft of mine', then: 'keep' })
    const releaseAt = new Date(Date.now() + HOUR_MS).toISOString()
    await service.post('en', { text: 'Budget is 4 million', releaseAt })
    await service.post('ar', { text: 'إغلاق الجسر', urgency: 'flash', speaker: 'العمدة' })
  })

  it('shows the headlines that wait in groups, and the strip as readers see it', async () => {
    const desk = await openDesk(browser, service, { viewport: { width: 1024, height: 768 } })
    await desk.signIn('ann@example.org')
    await desk.raw.getByLabel('Feed').selectOption('en')
    await desk.raw.getByRole('heading', { name: 'Waiting for your approval (1)' }).waitFor()
    const group = (name: string) => desk.raw.locator(`[data-group="${name}"]`)
    expect(await group('approval').textContent()).toContain('Airport reopens')
    expect(await group('drafts').textContent()).toContain('A draft of mine')
    expect(await group('scheduled').textContent()).toMatch(/in (0:59:\d\d|1:00:00).*Budget is 4 million/)
    const strip = desk.raw.locator('.strip .row-text')
    await eventually('the strip shows', 10_000, async () => (await strip.count()) === 2)
    expect(await strip.allTextContents()).toEqual(['Market opens', 'Bridge closed'])
    expect(await desk.raw.evaluate(overflow)).toBe(0)
    expect(await desk.barriers()).toEqual([])
    await desk.raw.emulateMedia({ colorScheme: 'dark' })
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('follows the acts of others, and shows the counts of the newest release', async () => {
    const desk = await openDesk(browser, service)
    await desk.signIn('ann@example.org')
    await desk.raw.getByLabel('Feed').selectOption('en')
    await desk.raw.getByText('Up to date').waitFor()
    await service.post('en', { text: 'Second line for approval', then: 'submit' })
    await desk.raw.getByText('Second line for approval').waitFor()
    await service.post('en', { text: 'Out at once' })
    await desk.raw.locator('.strip').getByText('Out at once').waitFor()
    await desk.raw.locator('[data-receipt]').waitFor()
    const readers = desk.raw.locator('[data-fact="receipt.readers"] dd')
    await eventually('the newest release counts its reader', 10_000, async () => {
      return (await readers.textContent()) === '1'
    })
    expect(await desk.raw.locator('[data-fact="health.service"] dd').textContent()).toBe('Ready')
    expect(desk.faults).toEqual([])
  })

  it('shows the Arabic feed on an Arabic desk, on a phone too', async () => {
    const desk = await openDesk(browser, service, {
      locale: 'ar',
      viewport: { width: 390, height: 844 },
    })
    await desk.raw.getByLabel('البريد الإلكتروني').fill('ann@example.org')
    await desk.raw.getByLabel('كلمة المرور').fill('correct horse battery')
    await desk.raw.getByRole('button', { name: 'تسجيل الدخول' }).click()
    await desk.raw.getByLabel('الخدمة', { exact: true }).selectOption('ar')
    await desk.raw.locator('.strip').getByText('إغلاق الجسر').waitFor()
    expect(await desk.raw.evaluate(overflow)).toBe(0)
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })
})
