import { describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk, type DeskPage } from '../support/desk-page.ts'
import { eventually } from '../support/eventually.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

/** The modifier in the browser's protocol. */
const CONTROL = 2

const composing = (page: Page) => page.locator('[data-composer]:focus')

describe('the keys of the desk', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await service.createFeed({ id: 'sport', title: 'Sport', lang: 'en' })
    await newMember(service, 'ann@example.org', { '*': 'editor' })
    await service.post('en', { text: 'Bridge closed' })
  })

  async function signedIn(): Promise<DeskPage> {
    const desk = await openDesk(browser, service)
    await desk.signIn('ann@example.org')
    await desk.raw.getByLabel('Feed', { exact: true }).selectOption('en')
    await desk.raw.locator('.strip').getByText('Bridge closed').waitFor()
    return desk
  }

  /** A key as an Arabic keyboard layout gives it: its place is known by `code`, its letter is Arabic. */
  async function pressArabic(page: Page, code: string, key: string, modifiers = 0): Promise<void> {
    const session = await page.context().newCDPSession(page)
    if (modifiers === CONTROL) await page.keyboard.down('Control')
    for (const type of ['keyDown', 'keyUp'] as const)
      await session.send('Input.dispatchKeyEvent', { type, code, key, modifiers })
    if (modifiers === CONTROL) await page.keyboard.up('Control')
    await session.detach()
  }

  it('finds acts, views and feeds in the palette, with an Arabic keyboard layout too', async () => {
    const { raw, barriers, faults } = await signedIn()
    await pressArabic(raw, 'KeyJ', 'ت')
    await raw.getByRole('button', { name: 'Withdraw' }).waitFor()
    await pressArabic(raw, 'KeyK', 'ن', CONTROL)
    const search = raw.getByLabel('Act, view or feed')
    await search.fill('sport')
    await raw.getByRole('button', { name: 'Sport' }).waitFor()
    expect(await barriers()).toEqual([])
    await search.press('Enter')
    const feed = raw.getByLabel('Feed', { exact: true })
    await eventually('the feed is open', 10_000, async () => (await feed.inputValue()) === 'sport')

    await raw.keyboard.press('Control+KeyK')
    await raw.getByLabel('Act, view or feed').fill('write')
    await raw.keyboard.press('Enter')
    await composing(raw).waitFor()
    expect(faults).toEqual([])
  })

  it('lets a person choose another key, refuses one that is taken, and keeps the choice', async () => {
    const { raw, barriers, faults } = await signedIn()
    await raw.keyboard.press('Shift+Slash')
    const dialog = raw.getByRole('dialog', { name: 'Keys' })
    await dialog.getByRole('button', { name: 'N', exact: true }).click()
    await raw.keyboard.press('KeyW')
    await dialog.getByText('This key does already: Withdraw').waitFor()
    await raw.keyboard.press('KeyX')
    await dialog.getByRole('button', { name: 'X', exact: true }).waitFor()
    expect(await barriers()).toEqual([])
    await raw.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await raw.keyboard.press('KeyN')
    expect(await composing(raw).count()).toBe(0)
    await raw.keyboard.press('KeyX')
    await composing(raw).waitFor()

    await raw.reload()
    await raw.locator('.strip').getByText('Bridge closed').waitFor()
    await raw.keyboard.press('KeyX')
    await composing(raw).waitFor()
    expect(faults).toEqual([])
  })

  it('does nothing by a single key when these are switched off, and still sends and opens the palette', async () => {
    const { raw } = await signedIn()
    await raw.getByRole('button', { name: 'Keys' }).click()
    await raw.getByLabel('Single keys act').uncheck()
    await raw.keyboard.press('Escape')
    await raw.getByRole('dialog').waitFor({ state: 'hidden' })
    await raw.keyboard.press('KeyJ')
    await raw.keyboard.press('Control+KeyK')
    await raw.getByLabel('Act, view or feed').waitFor()
    expect(await raw.getByRole('button', { name: 'Withdraw' }).count()).toBe(0)
  })

  it('goes on after ⌘ + Enter, although a Mac does not tell of the key that is let go while ⌘ is down', async () => {
    const { raw } = await signedIn()
    const session = await raw.context().newCDPSession(raw)
    for (const [type, code] of [
      ['keyDown', 'MetaLeft'],
      ['keyDown', 'Enter'],
      ['keyUp', 'MetaLeft'],
    ] as const)
      await session.send('Input.dispatchKeyEvent', { type, code, key: code === 'Enter' ? 'Enter' : 'Meta' })
    await raw.keyboard.press('KeyJ')
    await raw.getByRole('button', { name: 'Withdraw' }).waitFor()
  })

  it('stands still in calm, and has a look of high contrast', async () => {
    const { raw, barriers, faults } = await signedIn()
    await service.post('en', { text: 'Market opens' })
    await raw.locator('[data-receipt]').waitFor()
    const position = () => raw.locator('[data-receipt]').getAttribute('data-receipt')
    await raw.getByRole('button', { name: 'Calm' }).click()
    const before = await position()
    await service.post('en', { text: 'Airport reopens' })
    await raw.locator('.strip').getByText('Airport reopens').waitFor()
    expect(await position()).toBe(before)
    await raw.getByRole('button', { name: 'Calm' }).click()
    await eventually('the counts go on', 10_000, async () => (await position()) !== before)

    await raw.getByLabel('Look').selectOption('contrast')
    const ground = 'getComputedStyle(document.body).backgroundColor'
    await eventually(
      'the ground is black',
      10_000,
      async () => (await raw.evaluate(ground)) === 'rgb(0, 0, 0)',
    )
    expect(await barriers()).toEqual([])
    await raw.reload()
    await raw.locator('.strip').getByText('Airport reopens').waitFor()
    expect(await raw.evaluate(ground)).toBe('rgb(0, 0, 0)')
    expect(faults).toEqual([])
  })
})
