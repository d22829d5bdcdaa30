import { describe, expect, it } from '@jest/globals'
import { Secret, TOTP } from 'otpauth'
import type { Browser } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { Browser as Visitor } from '../support/browser.ts'
import { newMember, openDesk } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

describe('the sign-in to the desk', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(
    async (opened) => {
      ;({ browser, service } = opened)
      await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    },
    { FIRST_ADMIN_EMAIL: 'admin@example.org' },
  )

  it('gives each answer a nonce of its own, and keeps the page out of caches', async () => {
    const answers = await Promise.all([1, 2].map(() => fetch(new URL('/desk', service.url))))
    const nonces = answers.map(({ headers }) => {
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).not.toContain('unsafe')
      expect(policy).toMatch(/default-src 'none';script-src 'self';style-src 'self' 'nonce-/)
      expect(headers.get('cache-control')).toBe('no-store')
      return /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
    })
    const pages = await Promise.all(answers.map((answer) => answer.text()))
    expect(nonces[0]).not.toBe(nonces[1])
    expect(pages.map((page, n) => page.includes(`nonce="${nonces[n]}"`))).toEqual([true, true])

    const [, script = ''] = /src="(\/desk\/assets\/[^"]+)"/.exec(pages[0] ?? '') ?? []
    const file = await fetch(new URL(script, service.url))
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(file.headers.get('content-encoding')).toBe('gzip')
    expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    const plain = await fetch(new URL(script, service.url), { headers: { 'Accept-Encoding': 'identity' } })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await plain.text()).toBe(await file.text())
    expect((await fetch(new URL('/desk/assets/none.js', service.url))).status).toBe(404)
  })

  it('signs the first admin in by the printed link, once, and asks for a password', async () => {
    const path = `/desk#sign-in=${service.firstSignIn}`
    const desk = await openDesk(browser, service, { path })
    expect(new URL(desk.raw.url()).hash).toBe('')
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByRole('button', { name: 'Sign in as the first admin' }).click()
    await desk.raw.getByLabel('New password').fill('password1234')
    await desk.raw.getByRole('button', { name: 'Save the password' }).click()
    await desk.raw.getByText('easy to guess').waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByLabel('New password').fill('correct horse battery')
    await desk.raw.getByRole('button', { name: 'Save the password' }).click()
    await desk.raw.getByRole('dialog').waitFor({ state: 'detached' })
    await desk.raw.getByRole('button', { name: 'Sign out', exact: true }).click()
    await desk.signIn('admin@example.org')
    expect(desk.faults).toEqual([])

    const again = await openDesk(browser, service, { path })
    await again.raw.getByRole('button', { name: 'Sign in as the first admin' }).click()
    await again.raw.getByText('This link has been used').waitFor()
  })

  it('signs in with a second factor, and says what is wrong beside the fields', async () => {
    const member = await newMember(service, 'ann@example.org', { '*': 'editor' })
    const totp = new TOTP({ secret: Secret.fromBase32(await member.addSecondFactor()) })
    const desk = await openDesk(browser, service)
    await desk.raw.getByLabel('Email').fill('ann@example.org')
    await desk.raw.getByLabel('Password').fill('not my password')
    await desk.raw.getByRole('button', { name: 'Sign in' }).click()
    await desk.raw.getByText('Email and password do not fit together').waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByLabel('Password').fill('correct horse battery')
    await desk.raw.getByRole('button', { name: 'Sign in' }).click()
    // The code that confirmed the factor has been used: the next one is right too.
    const next = totp.generate({ timestamp: Date.now() + 30_000 })
    await desk.raw.getByLabel('Code of the second factor').fill(next)
    await desk.raw.getByRole('button', { name: 'Sign in' }).click()
    await desk.raw.getByRole('button', { name: 'Sign out', exact: true }).waitFor()
    expect(desk.faults).toEqual([])
  })

  it('takes password and code together where too many sign-ins have failed', async () => {
    const member = await newMember(service, 'max@example.org', { '*': 'editor' })
    const totp = new TOTP({ secret: Secret.fromBase32(await member.addSecondFactor()) })
    for (let n = 0; n < 10; n++) await new Visitor(service).signIn('max@example.org', 'not the password')
    const desk = await openDesk(browser, service)
    await desk.raw.getByLabel('Email').fill('max@example.org')
    await desk.raw.getByLabel('Password').fill('correct horse battery')
    await desk.raw.getByRole('button', { name: 'Sign in' }).click()
    await desk.raw.getByText('Too many sign-ins have failed').waitFor()
    expect(await desk.barriers()).toEqual([])
    // The code that confirmed the factor has been used: the next one is right too.
    const next = totp.generate({ timestamp: Date.now() + 30_000 })
    await desk.raw.getByLabel('Code of the second factor').fill(next)
    await desk.raw.getByRole('button', { name: 'Sign in' }).click()
    await desk.raw.getByRole('button', { name: 'Sign out', exact: true }).waitFor()
    expect(desk.faults).toEqual([])
  })

  it('asks over the open page for a new sign-in when the session ends', async () => {
    const member = await newMember(service, 'bob@example.org', { '*': 'editor' })
    const desk = await openDesk(browser, service, { colorScheme: 'dark' })
    await desk.signIn('bob@example.org')
    await member.delete('/v1/sessions')
    await desk.raw.evaluate(`dispatchEvent(new Event('visibilitychange'))`)
    await desk.raw.getByText('Your session has ended').waitFor()
    expect(await desk.raw.locator('main.desk').count()).toBe(1)
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByRole('dialog').getByLabel('Password').fill('correct horse battery')
    await desk.raw.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click()
    await desk.raw.getByRole('dialog').waitFor({ state: 'detached' })
    expect(desk.faults).toEqual([])
  })

  it('speaks Arabic from right to left to a browser that prefers it', async () => {
    const desk = await openDesk(browser, service, { locale: 'ar-EG' })
    await desk.raw.getByRole('heading', { name: 'تسجيل الدخول إلى مكتب التحرير' }).waitFor()
    expect(await desk.raw.evaluate('document.documentElement.dir + document.documentElement.lang')).toBe(
      'rtlar',
    )
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByLabel('اللغة').selectOption('es')
    await desk.raw.getByRole('heading', { name: 'Iniciar sesión' }).waitFor()
    expect(await desk.raw.evaluate('document.documentElement.dir')).toBe('ltr')
    expect(desk.faults).toEqual([])
  })
})
