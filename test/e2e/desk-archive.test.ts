import { describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import type { BuiltService, Posted } from '../support/built-service.ts'
import { button, deskAt } from '../support/desk-at.ts'
import { newMember } from '../support/desk-page.ts'
import { eventually } from '../support/eventually.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

describe("the desk's archive, charts and queues", () => {
  let browser: Browser
  let service: BuiltService
  let ferry: Posted

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await newMember(service, 'ann@example.org', { '*': 'chief' })
    await newMember(service, 'ada@example.org', { '*': 'admin' })
    ferry = await service.post('en', { text: 'Ferry late', urgency: 'urgent', section: 'city' })
    await service.correct('en', ferry, { text: 'Ferry cancelled', note: 'It does not go' })
    await service.withdraw('en', await service.post('en', { text: 'Bridge closed', section: 'city' }), {})
    for (let n = 0; n < 55; n++) await service.post('en', { text: `Market ${n}`, section: 'money' })
  })

  it('searches all lines by words, status, section and time, page by page', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'archive')
    const found = desk.raw.locator('[data-found] > li')
    await desk.raw.getByText('50 lines, and there may be more').waitFor()
    expect(await desk.barriers()).toEqual([])
    await button(desk, 'More').click()
    await desk.raw.getByText('57 lines', { exact: true }).waitFor()
    expect(await found.count()).toBe(57)

    await desk.raw.getByLabel('Section').fill('city')
    await button(desk, 'Search').click()
    await desk.raw.getByText('2 lines', { exact: true }).waitFor()
    await desk.raw.getByLabel('Status').selectOption('withdrawn')
    await button(desk, 'Search').click()
    await desk.raw.getByText('1 line', { exact: true }).waitFor()
    expect(await found.textContent()).toContain('Bridge closed')
    await desk.raw.getByLabel('Written until').fill('2020-01-01T00:00')
    await button(desk, 'Search').click()
    await desk.raw.getByText('0 lines', { exact: true }).waitFor()
    expect(desk.faults).toEqual([])
  })

  it('saves the lines that fit as a table', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'archive')
    await desk.raw.getByLabel('Words in the text').fill('ferry')
    await button(desk, 'Search').click()
    await desk.raw.getByText('1 line', { exact: true }).waitFor()
    const [download] = await Promise.all([
      desk.raw.waitForEvent('download'),
      desk.raw.getByRole('link', { name: 'All of them as a table' }).click(),
    ])
    const text = await readFile(await download.path(), 'utf8')
    expect(text.trimEnd().split('\n')).toHaveLength(2)
    expect(text).toContain('Ferry cancelled')
  })

  it('shows the history of a line with the words that changed, and goes back to the search as it was', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'archive')
    await desk.raw.getByLabel('Words in the text').fill('ferry')
    await button(desk, 'Search').click()
    await desk.raw.getByRole('link', { name: 'Ferry cancelled' }).click()
    const versions = desk.raw.locator('[data-versions]')
    await versions.getByText('Corrected').waitFor()
    expect(await versions.locator('del').textContent()).toBe('late')
    expect(await versions.locator('ins').textContent()).toBe('cancelled')
    await versions.getByText('It does not go').waitFor()
    await desk.raw.getByText('What readers received').waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByRole('link', { name: 'Back to the search' }).click()
    expect(await desk.raw.getByLabel('Words in the text').inputValue()).toBe('ferry')
    expect(desk.faults).toEqual([])
  })

  it('shows the audit of one line, from the line and from the audit', async () => {
    const desk = await deskAt(browser, service, 'ada@example.org', `archive/${ferry.id}`)
    await desk.raw.getByRole('link', { name: 'Audit of this line' }).click()
    const rows = desk.raw.locator('[data-entry]')
    await rows.filter({ hasText: 'Corrected' }).waitFor()
    expect(await rows.filter({ hasText: 'Came out' }).count()).toBe(2)
    expect(await rows.count()).toBe(await countAudited(ferry.id))
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByRole('link', { name: 'The whole audit' }).click()
    await desk.raw.getByRole('link', { name: 'Audit of this line' }).first().click()
    await desk.raw.getByRole('heading', { name: 'Audit of this line' }).waitFor()
    await rows.filter({ hasText: 'Came out' }).waitFor()
    expect(await rows.count()).toBeLessThan(5)
    expect(desk.faults).toEqual([])
  })

  async function countAudited(id: string): Promise<number> {
    const answer = await fetch(new URL('/v1/feeds/en/audit?limit=500', service.url), {
      headers: { Authorization: `Bearer ${service.key}` },
    })
    const { entries } = (await answer.json()) as { entries: { headline?: string }[] }
    return entries.filter(({ headline }) => headline === id).length
  }

  it('shows the audit newest first, with the way to the line, and for admins that of people', async () => {
    const desk = await deskAt(browser, service, 'ada@example.org', 'audit')
    const rows = desk.raw.locator('[data-entry]')
    await rows.first().waitFor()
    const numbers = async () => (await rows.locator('th').allTextContents()).map((text) => Number(text))
    const first = await numbers()
    expect(first).toEqual([...first].sort((a, b) => b - a))
    expect(await desk.barriers()).toEqual([])
    const earlier = desk.raw.locator('button:enabled', { hasText: 'Earlier entries' })
    await eventually('the first entry of all shows', 20_000, async () => {
      if ((await numbers()).at(-1) === 1) return true
      // The button is replaced while a page is loaded, and gone behind the last one.
      if ((await earlier.count()) > 0) await earlier.click({ timeout: 1_000 }).catch(() => undefined)
      return false
    })
    await desk.raw.getByRole('link', { name: 'History of a line' }).first().click()
    await desk.raw.locator('[data-versions]').waitFor()
    await desk.raw.goBack()
    await desk.raw.getByLabel('Audit of').selectOption('people')
    await desk.raw.getByText('account-made').first().waitFor()
    expect(desk.faults).toEqual([])
  })

  it('draws the acts by time, with the same figures as a table', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'charts')
    const acts = desk.raw.locator('[data-chart="charts.acts"]')
    await acts.locator('svg.recharts-surface').first().waitFor()
    await acts.getByText('As a table').click()
    const cells = await acts.locator('tbody tr td:nth-child(2)').allTextContents()
    expect(cells.reduce((sum, cell) => sum + Number(cell), 0)).toBe(57)
    await desk.raw.getByLabel('Period').selectOption('month')
    await acts.locator('svg.recharts-surface').first().waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.emulateMedia({ colorScheme: 'dark' })
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('shows the queues to admins only', async () => {
    const desk = await deskAt(browser, service, 'ada@example.org', 'queues')
    await desk.raw.locator('[data-queue="release"]').waitFor()
    await desk.raw.getByText('No job has failed.').waitFor()
    expect(await desk.barriers()).toEqual([])
    const chief = await deskAt(browser, service, 'ann@example.org', 'newsroom')
    expect(await chief.raw.getByRole('link', { name: 'Queues' }).count()).toBe(0)
    expect([...desk.faults, ...chief.faults]).toEqual([])
  })
})
