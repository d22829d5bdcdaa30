import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk, type DeskPage } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

describe('acts on a line of the desk', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await newMember(service, 'ann@example.org', { '*': 'reporter' })
    await newMember(service, 'bob@example.org', { '*': 'editor' })
  })

  const onStrip = (desk: DeskPage, words: string) =>
    desk.raw.locator('.strip .row').filter({ hasText: words })
  const inGroup = (desk: DeskPage, group: string) => desk.raw.locator(`[data-group="${group}"]`)

  it('one person writes a line, another one returns, approves, corrects, pins, holds and withdraws it by keys', async () => {
    const [ann, bob] = [await openDesk(browser, service), await openDesk(browser, service)]
    await ann.signIn('ann@example.org')
    await bob.signIn('bob@example.org')
    const { keyboard } = bob.raw

    await ann.raw.getByLabel('Text').fill('Airport reopens')
    await ann.raw.keyboard.press('Control+Enter')
    await inGroup(bob, 'approval').getByText('Airport reopens').waitFor()

    await keyboard.press('KeyJ')
    await bob.raw.getByRole('button', { name: 'Approve' }).waitFor()
    expect(await bob.barriers()).toEqual([])
    await keyboard.press('KeyR')
    await keyboard.type('Which airport?')
    await keyboard.press('Enter')
    await inGroup(ann, 'mine').getByText('Which airport?').waitFor()

    await ann.raw.getByLabel('Text').fill('Marrowick airport reopens')
    await ann.raw.keyboard.press('Control+Enter')
    await inGroup(bob, 'approval').getByRole('button', { name: 'Marrowick airport reopens' }).click()
    await bob.raw.getByRole('button', { name: 'Approve' }).waitFor()
    await keyboard.press('KeyA')
    const line = onStrip(bob, 'Marrowick airport reopens')
    await line.getByRole('button', { name: 'Correct' }).waitFor()

    await keyboard.press('KeyE')
    await bob.raw.getByRole('form', { name: 'Correct this headline' }).waitFor()
    await bob.raw.getByLabel('Text').fill('Marrowick airport reopens at six')
    await bob.raw.locator('[data-changed="text"] ins', { hasText: 'at six' }).waitFor()
    await bob.raw.getByLabel('Note for readers').fill('An earlier version gave no time.')
    expect(await bob.barriers()).toEqual([])
    await keyboard.press('Enter')
    await onStrip(bob, 'reopens at six').getByText('Corrected').waitFor()
    await onStrip(ann, 'reopens at six').waitFor()
    // The strip may be faster than the answer to the act.
    await bob.raw.locator('button:enabled', { hasText: 'Pin' }).waitFor()
    await bob.raw.getByRole('form', { name: 'New headline' }).waitFor()
    await keyboard.press('Escape')

    await keyboard.press('KeyP')
    await onStrip(bob, 'reopens at six').getByText('Pinned').waitFor()
    await bob.raw.getByRole('button', { name: 'Unpin' }).waitFor()
    await keyboard.press('KeyH')
    await inGroup(bob, 'held').getByRole('button', { name: 'Resume' }).waitFor()
    expect(await onStrip(bob, 'reopens at six').count()).toBe(0)
    await keyboard.press('KeyH')
    await onStrip(bob, 'reopens at six').getByRole('button', { name: 'Withdraw' }).waitFor()
    expect(await bob.barriers()).toEqual([])

    await keyboard.press('KeyW')
    await keyboard.press('Enter')
    await onStrip(bob, 'reopens at six').waitFor({ state: 'detached' })
    await onStrip(ann, 'reopens at six').waitFor({ state: 'detached' })
    await bob.raw.locator('.receipts').getByText('screens cleared').first().waitFor()
    expect([...ann.faults, ...bob.faults]).toEqual([])
  })

  it('keys work by their place on an Arabic keyboard, and not in text fields', async () => {
    const desk = await openDesk(browser, service)
    await desk.signIn('bob@example.org')
    await service.post('en', { text: 'Held by its key' })
    await onStrip(desk, 'Held by its key').getByRole('button').click()
    await desk.raw.getByRole('button', { name: 'Hold' }).waitFor()
    const text = desk.raw.getByLabel('Text')
    await text.focus()
    await desk.raw.keyboard.type('hw')
    expect(await text.inputValue()).toBe('hw')
    await desk.raw.keyboard.press('Escape')
    const session = await desk.raw.context().newCDPSession(desk.raw)
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', code: 'KeyH', key: 'ا', text: 'ا' })
    await inGroup(desk, 'held').getByText('Held by its key').waitFor()
    await desk.raw.keyboard.press('Shift+Slash')
    await desk.raw.getByRole('dialog', { name: 'Keys' }).waitFor()
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('says when another editor was first, and shows the line as it is now', async () => {
    const desk = await openDesk(browser, service)
    await desk.signIn('bob@example.org')
    const posted = await service.post('en', { text: 'Two editors at once' })
    await onStrip(desk, 'Two editors at once').getByRole('button').click()
    await desk.raw.getByRole('button', { name: 'Correct' }).waitFor()
    await desk.raw.keyboard.press('KeyE')
    const form = desk.raw.getByRole('form', { name: 'Correct this headline' })
    await form.getByLabel('Text').fill('Mine')
    await desk.raw.route('**/v1/feeds/en/headlines/*/correct', async (route) => {
      await service.correct('en', posted, { text: 'Two editors, one was first' })
      await route.continue()
    })
    await form.getByRole('button', { name: 'Refile without a note' }).click()
    await desk.raw.getByText('Another editor changed this line first').waitFor()
    await onStrip(desk, 'Two editors, one was first').waitFor()
    await desk.raw.unroute('**/v1/feeds/en/headlines/*/correct')
    expect(await form.getByLabel('Text').inputValue()).toBe('Mine')
    await form.getByRole('button', { name: 'I have seen it' }).click()
    await form.getByRole('button', { name: 'Refile without a note' }).click()
    await onStrip(desk, 'Mine').waitFor()
  })
})
