import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { Browser as Visitor } from '../support/browser.ts'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk, type DeskPage } from '../support/desk-page.ts'
import { eventually } from '../support/eventually.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

describe('the composer of the desk', () => {
  let browser: Browser
  let service: BuiltService
  let ann: Visitor

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    ann = await newMember(service, 'ann@example.org', { '*': 'editor' })
    await newMember(service, 'rep@example.org', { '*': 'reporter' })
  })

  const text = (desk: DeskPage) => desk.raw.getByLabel('Text')
  const receipt = (desk: DeskPage) => desk.raw.locator('.receipts .row')
  const onStrip = (desk: DeskPage, words: string) =>
    desk.raw.locator('.strip .row').filter({ hasText: words })

  async function openFor(email: string): Promise<DeskPage> {
    const desk = await openDesk(browser, service)
    await desk.signIn(email)
    await text(desk).waitFor()
    return desk
  }

  it('publishes by Ctrl+Enter, and the receipt counts the screens', async () => {
    const desk = await openFor('ann@example.org')
    await text(desk).fill('Council votes on the new tram')
    await desk.raw.getByText('29 of 280 characters').waitFor()
    await text(desk).press('Control+Enter')
    await onStrip(desk, 'Council votes on the new tram').waitFor()
    await receipt(desk)
      .filter({ hasText: /Live.*1 screen in \d+ ms/ })
      .waitFor()
    expect(await text(desk).inputValue()).toBe('')
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('submits for approval what the person may not publish alone', async () => {
    const desk = await openFor('rep@example.org')
    await text(desk).fill('Reporter has news')
    await desk.raw.getByRole('button', { name: 'Submit for approval' }).click()
    await receipt(desk).filter({ hasText: 'Waits for approval' }).waitFor()
    await desk.raw.locator('[data-group="submitted"]').getByText('Reporter has news').waitFor()
    expect(desk.faults).toEqual([])
  })

  it('asks once more before a flash, quotes it, and says that it needs a second factor', async () => {
    const desk = await openFor('ann@example.org')
    await text(desk).fill('Bridge closed after crack is found')
    await desk.raw.getByLabel('Urgency').selectOption('flash')
    await text(desk).press('Control+Enter')
    const dialog = desk.raw.getByRole('dialog', { name: 'Send this flash?' })
    await dialog.getByText('Bridge closed after crack is found').waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.keyboard.press('Enter')
    await desk.raw.getByText('A flash needs your second factor').waitFor()
    expect(desk.faults).toEqual([])
  })

  it('posts one line, whatever answer is lost and however often it is sent', async () => {
    const desk = await openFor('ann@example.org')
    let isLost = false
    await desk.raw.route('**/v1/feeds/en/headlines', async (route) => {
      if (route.request().method() !== 'POST' || isLost) return route.continue()
      isLost = true
      await route.fetch()
      await route.abort('connectionreset')
    })
    await text(desk).fill('Sent once, answered later')
    await desk.raw.getByRole('button', { name: 'Publish' }).dblclick()
    await desk.raw.getByText('No answer came').waitFor()
    await desk.raw.reload()
    await desk.raw.getByText('No answer is known').waitFor()
    expect(await text(desk).inputValue()).toBe('Sent once, answered later')
    await desk.raw.getByRole('button', { name: 'Publish' }).dblclick()
    await receipt(desk).filter({ hasText: 'Live' }).waitFor()
    await onStrip(desk, 'Sent once, answered later').first().waitFor()
    const { headlines } = await listed('Sent once, answered later')
    expect(headlines).toHaveLength(1)
  })

  it('refuses to send offline, and sends nothing later by itself', async () => {
    const desk = await openFor('ann@example.org')
    await text(desk).fill('Written in a tunnel')
    await desk.raw.context().setOffline(true)
    await text(desk).press('Control+Enter')
    await desk.raw.getByText('Nothing was sent').waitFor()
    await desk.raw.context().setOffline(false)
    await service.post('en', { text: 'Out after the tunnel' })
    await onStrip(desk, 'Out after the tunnel').waitFor()
    expect((await listed('tunnel')).headlines).toHaveLength(1)
    expect(await text(desk).inputValue()).toBe('Written in a tunnel')
  })

  it('names the fault of a text at the field', async () => {
    const desk = await openFor('ann@example.org')
    await text(desk).fill('Turned \u202e around')
    await text(desk).press('Control+Enter')
    await desk.raw.getByText('The character U+202E at place 8 cannot be sent').waitFor()
    await text(desk).fill('long '.repeat(80))
    await desk.raw.getByText('399 of 280 characters').waitFor()
    await text(desk).press('Control+Enter')
    await desk.raw.getByText('This text cannot be sent: longer than 280 graphemes').waitFor()
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('does not take the keyboard back when its answer comes after Esc', async () => {
    const desk = await openFor('ann@example.org')
    let answer: () => void = () => undefined
    const isAwaited = new Promise<void>((resolve) => (answer = resolve))
    await desk.raw.route('**/v1/feeds/en/headlines', async (route) => {
      const response = await route.fetch()
      await isAwaited
      await route.fulfill({ response })
    })
    await text(desk).fill('Sent, and left at once')
    await text(desk).press('Control+Enter')
    await desk.raw.keyboard.press('Escape')
    await onStrip(desk, 'Sent, and left at once').waitFor()
    answer()
    await receipt(desk).filter({ hasText: 'Live' }).waitFor()
    await desk.raw.keyboard.press('Slash')
    await desk.raw.locator('[role="search"] input[type="search"]:focus').waitFor()
    expect(desk.faults).toEqual([])
  })

  it('is free of barriers while one dialog stands over another', async () => {
    const desk = await openFor('ann@example.org')
    await text(desk).fill('A question stands open when the session ends')
    await desk.raw.getByLabel('Urgency').selectOption('flash')
    await text(desk).press('Control+Enter')
    await desk.raw.getByRole('dialog', { name: 'Send this flash?' }).waitFor()
    await desk.raw.context().clearCookies()
    await desk.raw.getByRole('dialog', { name: 'Your session has ended' }).waitFor({ timeout: 30_000 })
    expect(await desk.raw.getByRole('dialog').count()).toBe(2)
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('keeps the words when the session ends, and sends them after a new sign-in', async () => {
    const desk = await openFor('ann@example.org')
    await text(desk).fill('Written before the end')
    await ann.signIn('ann@example.org', 'correct horse battery')
    await ann.delete('/v1/sessions')
    // The answer about lines that say the same comes late: after the new sign-in.
    let [held, goOn] = [0, (): void => undefined]
    const signedIn = new Promise<void>((resolve) => (goOn = resolve))
    await desk.raw.route('**/duplicates', async (route) => {
      const answer = await route.fetch()
      if (answer.status() === 401) {
        held += 1
        await signedIn
      }
      await route.fulfill({ response: answer })
    })
    await text(desk).press('End')
    await text(desk).pressSequentially('!')
    await eventually('the comparison is refused', 15_000, () => held > 0)
    await text(desk).press('Control+Enter')
    const dialog = desk.raw.getByRole('dialog', { name: 'Your session has ended' })
    await dialog.getByLabel('Password').fill('correct horse battery')
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await dialog.waitFor({ state: 'detached' })
    const late = desk.raw.waitForResponse(
      (answer) => answer.url().endsWith('/duplicates') && answer.status() === 401,
    )
    goOn()
    await late
    await text(desk).press('Control+Enter')
    await onStrip(desk, 'Written before the end').waitFor()
    expect(await dialog.count()).toBe(0)
    expect(desk.faults).toEqual([])
  })

  async function listed(q: string): Promise<{ headlines: object[] }> {
    const path = `/v1/feeds/en/headlines?q=${encodeURIComponent(q)}&status=live,due,pending`
    const answer = await fetch(new URL(path, service.url), {
      headers: { Authorization: `Bearer ${service.key}` },
    })
    return (await answer.json()) as { headlines: object[] }
  }
})
