import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk, type DeskPage } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

describe('the fields of the composer', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await newMember(service, 'ann@example.org', { '*': 'editor' })
  })

  const text = (desk: DeskPage) => desk.raw.getByLabel('Text')
  const inGroup = (desk: DeskPage, group: string) => desk.raw.locator(`[data-group="${group}"]`)
  const onStrip = (desk: DeskPage, words: string) =>
    desk.raw.locator('.strip .row').filter({ hasText: words })

  async function openFor(email: string): Promise<DeskPage> {
    const desk = await openDesk(browser, service, { timezoneId: 'Europe/Madrid' })
    await desk.signIn(email)
    await text(desk).waitFor()
    return desk
  }

  it('sends all fields, and names the fault of each beside it', async () => {
    const desk = await openFor('ann@example.org')
    await text(desk).fill('Bridge stays closed')
    await desk.raw.getByRole('button', { name: 'More fields' }).press('Enter')
    await desk.raw.getByLabel('Speaker').fill('Mayor')
    await desk.raw.getByLabel('Section').fill('City Hall')
    await desk.raw.getByLabel('Link').fill('tarrow bridge')
    await desk.raw.getByLabel('Regions').fill('marrowick, tarrow')
    expect(await desk.barriers()).toEqual([])
    await text(desk).press('Control+Enter')
    await desk.raw.getByText('Use small letters a to z').waitFor()
    await desk.raw.getByText('This is not a web address').waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByLabel('Section').fill('city-hall')
    await desk.raw.getByLabel('Link').fill('https://news.example/bridge')
    await text(desk).press('Control+Enter')
    await onStrip(desk, 'Mayor: Bridge stays closed').waitFor()
    const [line] = await listed('Bridge stays')
    expect(line?.content).toMatchObject({
      section: 'city-hall',
      regions: ['marrowick', 'tarrow'],
      link: 'https://news.example/bridge',
    })
    expect(desk.faults).toEqual([])
  })

  it('schedules a line on a day on which the clocks change, once its time is certain', async () => {
    const desk = await openFor('ann@example.org')
    await text(desk).fill('Out in the night of the clock change')
    await desk.raw.getByRole('button', { name: 'Release at a time' }).click()
    await text(desk).press('Control+Enter')
    await desk.raw.getByText('Set the date and the time first').waitFor()
    await desk.raw.getByLabel('Release at', { exact: true }).fill(`${clockChange()}T02:30`)
    await desk.raw.getByText('02:30 comes twice').waitFor()
    await text(desk).press('Control+Enter')
    expect(await listed('clock change')).toEqual([])
    await desk.raw.getByRole('button', { name: '02:30 GMT+1' }).click()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByRole('button', { name: 'Schedule' }).click()
    await inGroup(desk, 'scheduled').getByText('Out in the night').waitFor()
    const [line] = await listed('clock change')
    expect(line?.releaseAt).toBe(`${clockChange()}T01:30:00.000Z`)
    expect(desk.faults).toEqual([])
  })

  it('tells an embargo from a schedule, and lets a chief alone end it early', async () => {
    await newMember(service, 'dan@example.org', { '*': 'chief' })
    const desk = await openFor('ann@example.org')
    const dan = await openFor('dan@example.org')
    await text(desk).fill('The budget grows')
    await desk.raw.getByRole('button', { name: 'Release at a time' }).click()
    await desk.raw.getByLabel('Release at', { exact: true }).fill(`${clockChange()}T09:00`)
    await desk.raw.getByLabel('Embargo: the source').click()
    expect(await desk.barriers()).toEqual([])
    await text(desk).press('Control+Enter')
    const row = (at: DeskPage) =>
      at.raw.locator('[data-group="scheduled"] .row').filter({ hasText: 'The budget grows' })
    await inGroup(desk, 'scheduled').getByText('Embargoed', { exact: true }).waitFor()
    await row(desk)
      .getByText(/ in \d+ days/)
      .first()
      .waitFor()

    await row(desk).getByRole('button', { name: 'The budget grows' }).click()
    await desk.raw.getByRole('button', { name: 'Undo' }).waitFor()
    expect(await desk.raw.getByRole('button', { name: 'Publish now' }).count()).toBe(0)

    await row(dan).getByRole('button', { name: 'The budget grows' }).click()
    await dan.raw.getByRole('button', { name: 'Publish now' }).click()
    const question = dan.raw.getByRole('dialog', { name: 'Publish before the embargo ends?' })
    await question.getByText('The budget grows').waitFor()
    expect(await dan.barriers()).toEqual([])
    await question.getByRole('button', { name: 'Back' }).click()
    await question.waitFor({ state: 'detached' })
    await dan.raw.getByRole('button', { name: 'Publish now' }).click()
    await question.getByRole('button', { name: 'Break the embargo' }).click()
    await onStrip(desk, 'The budget grows').waitFor()
    expect([...desk.faults, ...dan.faults]).toEqual([])
  })

  it('keeps a draft of a line beside a new one, and sends it from unsaved words', async () => {
    const desk = await openFor('ann@example.org')
    await text(desk).fill('Draft for later')
    await desk.raw.getByRole('button', { name: 'Save as draft' }).click()
    const row = inGroup(desk, 'mine').getByRole('button', { name: 'Draft for later' })
    await row.click()
    await text(desk).fill('A new line, half written')
    await desk.raw.keyboard.press('Escape')
    await desk.raw.getByRole('button', { name: 'Edit' }).waitFor()
    await desk.raw.keyboard.press('KeyE')
    const form = desk.raw.getByRole('form', { name: 'Edit this headline' })
    await form.waitFor()
    expect(await text(desk).inputValue()).toBe('Draft for later')
    await text(desk).fill('Draft for now')
    await desk.raw.keyboard.press('Escape')
    await desk.raw.keyboard.press('KeyN')
    await desk.raw.getByRole('form', { name: 'New headline' }).waitFor()
    expect(await text(desk).inputValue()).toBe('A new line, half written')
    await desk.raw.keyboard.press('Escape')
    await desk.raw.keyboard.press('KeyE')
    await form.waitFor()
    expect(await text(desk).inputValue()).toBe('Draft for now')
    await text(desk).press('Control+Enter')
    await onStrip(desk, 'Draft for now').waitFor()

    await text(desk).fill('Nobody needs this')
    await desk.raw.getByRole('button', { name: 'Save as draft' }).click()
    await inGroup(desk, 'mine').getByRole('button', { name: 'Nobody needs this' }).click()
    await desk.raw.getByRole('button', { name: 'Edit' }).click()
    await desk.raw.getByRole('button', { name: 'Discard the line' }).click()
    const dialog = desk.raw.getByRole('dialog', { name: 'Discard the line' })
    await dialog.getByText('Nobody needs this').waitFor()
    expect(await desk.barriers()).toEqual([])
    await dialog.getByRole('button', { name: 'Discard the line' }).click()
    await inGroup(desk, 'mine').waitFor({ state: 'detached' })
    await desk.raw.getByRole('form', { name: 'New headline' }).waitFor()
    expect(desk.faults).toEqual([])
  })

  /** The Sunday of next October on which the clocks of Madrid go back. */
  function clockChange(): string {
    const now = new Date()
    const year = now.getUTCMonth() < 9 ? now.getUTCFullYear() : now.getUTCFullYear() + 1
    const last = new Date(Date.UTC(year, 9, 31))
    last.setUTCDate(31 - last.getUTCDay())
    return last.toISOString().slice(0, 10)
  }

  async function listed(q: string): Promise<{ content: object; releaseAt?: string }[]> {
    const path = `/v1/feeds/en/headlines?q=${encodeURIComponent(q)}`
    const answer = await fetch(new URL(path, service.url), {
      headers: { Authorization: `Bearer ${service.key}` },
    })
    return ((await answer.json()) as { headlines: { content: object; releaseAt?: string }[] }).headlines
  }
})
