import { describe, expect, it } from '@jest/globals'
import type { Browser, Route } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk, type DeskPage } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

const words = 'Nobody has sent this yet'

describe('a file of the desk that does not arrive', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await newMember(service, 'ann@example.org', { '*': 'chief' })
  })

  const away = (route: Route) => route.fulfill({ status: 503 })
  const text = (desk: DeskPage) => desk.raw.locator('[data-composer]')

  it('takes nothing from the newsroom: it has all that its acts need from the start', async () => {
    const desk = await openDesk(browser, service)
    await desk.signIn('ann@example.org')
    await text(desk).waitFor()
    await desk.raw.route('**/desk/assets/**', away)
    await text(desk).fill(words)
    await desk.raw.locator('[data-preview]').waitFor()
    await desk.raw.getByRole('button', { name: 'Stop the feed' }).click()
    const dialog = desk.raw.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
    await desk.raw.keyboard.press('ControlOrMeta+k')
    await desk.raw.getByPlaceholder('Act, view or feed').waitFor()
    expect(desk.faults).toEqual([])
  })

  it('is told in the place of its view, and the rest stays', async () => {
    const desk = await openDesk(browser, service)
    await desk.signIn('ann@example.org')
    await text(desk).fill(words)
    await desk.raw.route('**/desk/assets/archive-view-*', away)
    await desk.raw.getByRole('link', { name: 'Archive' }).click()
    const fault = desk.raw.getByText('This part of the desk could not be shown.')
    await fault.waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByRole('link', { name: 'Newsroom' }).click()
    expect(await text(desk).inputValue()).toBe(words)

    await desk.raw.getByRole('link', { name: 'Archive' }).click()
    await desk.raw.unroute('**/desk/assets/archive-view-*')
    // While the service does not answer, the page stays.
    await desk.raw.route('**/desk', away)
    await desk.raw.evaluate('window.isTheSamePage = true')
    const asked = desk.raw.waitForResponse('**/desk')
    await desk.raw.getByRole('button', { name: 'Load the page again' }).click()
    await asked
    expect(await desk.raw.evaluate('window.isTheSamePage')).toBe(true)
    await desk.raw.unroute('**/desk')
    await desk.raw.getByRole('button', { name: 'Load the page again' }).click()
    await desk.raw.getByRole('search').waitFor()
    await desk.raw.getByRole('link', { name: 'Newsroom' }).click()
    expect(await text(desk).inputValue()).toBe(words)
  })

  it('leaves the language as it is', async () => {
    const desk = await openDesk(browser, service)
    await desk.raw.route('**/desk/assets/es-*', away)
    await desk.raw.getByLabel('Language').selectOption('es')
    await desk.raw.getByText('The language could not be loaded.').waitFor()
    await desk.raw.reload()
    await desk.raw.getByText('The desk could not be loaded.').waitFor()
    await desk.raw.unroute('**/desk/assets/es-*')
    await desk.raw.reload()
    await desk.raw.getByRole('button', { name: 'Iniciar sesión' }).waitFor()
  })
})
