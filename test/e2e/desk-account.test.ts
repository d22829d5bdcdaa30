import { describe, expect, it } from '@jest/globals'
import { Secret, TOTP } from 'otpauth'
import type { Browser } from 'playwright-core'
import { password } from '../support/browser.ts'
import type { BuiltService } from '../support/built-service.ts'
import { button, confirmed, deskAt, letAdminsIn } from '../support/desk-at.ts'
import { newMember, openDesk } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

const next = 'another horse and battery'

describe('the own account on the desk', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await letAdminsIn(service, 'en')
    for (const name of ['ada', 'ben']) await newMember(service, `${name}@example.org`, { '*': 'admin' })
  })

  it('adds a second factor by a QR code, shows the recovery codes once, and removes it again', async () => {
    await newMember(service, 'cyd@example.org', { '*': 'editor' })
    const desk = await deskAt(browser, service, 'cyd@example.org', 'account')
    await desk.raw.getByLabel('Your password').fill('not my password')
    await button(desk, 'Add a second factor').click()
    await desk.raw.getByText('The password is not right.').waitFor()
    await desk.raw.getByLabel('Your password').fill(password)
    await button(desk, 'Add a second factor').click()
    await desk.raw.getByRole('img', { name: 'QR code' }).waitFor()
    expect(await desk.barriers()).toEqual([])
    const secret = (await desk.raw.locator('[data-totp-secret]').textContent()) ?? ''
    const totp = new TOTP({ secret: Secret.fromBase32(secret) })
    await desk.raw.getByLabel('Code that the app shows').fill(totp.generate())
    await button(desk, 'Confirm the second factor').click()
    const codes = ((await desk.raw.locator('[data-secret]').textContent()) ?? '').split('\n')
    expect(codes).toHaveLength(10)
    expect(await desk.barriers()).toEqual([])
    await button(desk, 'I have it').click()
    await desk.raw.getByText('You sign in with a code of your app, too.').waitFor()

    await button(desk, 'Remove the second factor').click()
    await desk.raw.getByLabel('Your password').fill(password)
    await desk.raw.getByLabel('Code of the second factor').fill(codes[0] ?? '')
    await button(desk, 'Remove the second factor').click()
    await desk.raw.getByText('You sign in with a password only.').waitFor()
    expect(desk.faults).toEqual([])
  })

  it('changes the password, and ends one of the own sessions', async () => {
    const other = await newMember(service, 'dan@example.org', { '*': 'editor' })
    const desk = await deskAt(browser, service, 'dan@example.org', 'account')
    await desk.raw.locator('[data-session="current"]').waitFor()
    await confirmed(desk, desk.raw.locator('[data-session="other"]'), 'End the session')
    await desk.raw.locator('[data-session="other"]').waitFor({ state: 'detached' })
    expect((await other.get('/v1/session')).status).toBe(401)
    await desk.raw.getByLabel('Present password').fill(password)
    await desk.raw.getByLabel('New password').fill(next)
    await button(desk, 'Change the password').click()
    await desk.raw.getByText('The password is changed.').waitFor()
    expect(await desk.barriers()).toEqual([])
    await button(desk, 'Sign out everywhere').click()
    await desk.raw.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click()
    await desk.raw.getByText('Your session has ended').waitFor()
    await desk.raw.getByRole('dialog').getByLabel('Password').fill(next)
    await desk.raw.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click()
    await desk.raw.getByRole('dialog').waitFor({ state: 'detached' })
    expect(desk.faults).toEqual([])
  })

  it('lets a person back in by the links of two admins where the two-person rule is on', async () => {
    const lost = await newMember(service, 'eve@example.org', { en: 'editor' })
    await lost.addSecondFactor()
    const policy = await deskAt(browser, service, 'ada@example.org', 'admin/feeds')
    await policy.raw.getByLabel('Who publishes alone, Routine').selectOption('nobody')
    await button(policy, 'Save the policy').click()
    await policy.raw.getByText('The policy is in force.').waitFor()

    const row = (desk: { raw: typeof policy.raw }) => desk.raw.locator('[data-account="eve@example.org"]')
    await policy.raw.getByRole('link', { name: 'People' }).click()
    await confirmed(policy, row(policy), 'Recover')
    const first = (await policy.raw.locator('[data-secret]').textContent()) ?? ''
    expect(await policy.barriers()).toEqual([])
    const second = await deskAt(browser, service, 'ben@example.org', 'admin/people')
    await row(second).getByText('ada wants to let this person back in').waitFor()
    await button(second, 'Approve as the second person').click()
    const other = (await second.raw.locator('[data-secret]').textContent()) ?? ''

    const { pathname, hash } = new URL(first)
    const desk = await openDesk(browser, service, { path: pathname + hash })
    expect(new URL(desk.raw.url()).hash).toBe('')
    await desk.raw.getByLabel('New password').fill(next)
    await button(desk, 'Save the password and sign in').click()
    await desk.raw.getByText('a second link is missing').waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByLabel('Second link').fill(other)
    await button(desk, 'Save the password and sign in').click()
    await button(desk, 'Sign out').waitFor()
    expect((await lost.get('/v1/session')).status).toBe(401)
    expect([...policy.faults, ...second.faults, ...desk.faults]).toEqual([])
  })
})
