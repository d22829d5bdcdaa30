import { describe, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { password } from '../support/browser.ts'
import type { BuiltService } from '../support/built-service.ts'
import { letAdminsIn } from '../support/desk-at.ts'
import { newMember, openDesk, type DeskPage } from '../support/desk-page.ts'
import { eventually } from '../support/eventually.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

/** `DESK=full`: all pairs. Otherwise each direction and each look comes once. */
const isLong = process.env.DESK === 'full'
const pairs = [
  { locale: 'en', colorScheme: 'light' },
  { locale: 'ar', colorScheme: 'dark' },
  ...(isLong
    ? ([
        { locale: 'en', colorScheme: 'dark' },
        { locale: 'ar', colorScheme: 'light' },
      ] as const)
    : []),
] as const

/** What shows once a view has its data. */
const marks: Readonly<Record<string, string>> = {
  '#/newsroom': '.strip .row',
  '#/archive': '[data-found] > li',
  '#/charts': 'svg.recharts-surface',
  '#/account': '[data-session]',
  '#/admin/people': '[data-account]',
}
/** Each view and dialog is looked through for barriers, on a computer that may be busy. */
const GALLERY_LIMIT_MS = 300_000
const LIMIT_MS = 40_000

describe('every view of the desk', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await letAdminsIn(service, 'en')
    await newMember(service, 'ada@example.org', { '*': 'admin' })
    await newMember(service, 'ann@example.org', { en: 'reporter' })
    await service.post('en', { text: 'Bridge closed', urgency: 'urgent' })
    await service.post('en', { text: 'Ferry late', then: 'submit' })
    await service.post('en', { text: 'Market opens', then: 'keep' })
  })

  async function signedIn(options: (typeof pairs)[number]): Promise<DeskPage> {
    const desk = await openDesk(browser, service, { ...options, path: '/desk#/newsroom' })
    desk.raw.setDefaultTimeout(LIMIT_MS)
    // By type, since the words are of another language in each pair.
    await desk.raw.locator('input[type="email"]').fill('ada@example.org')
    await desk.raw.locator('input[type="password"]').fill(password)
    await desk.raw.keyboard.press('Enter')
    await desk.raw.locator('.strip .row').first().waitFor()
    return desk
  }

  const addresses = (page: Page): Promise<string[]> =>
    page.evaluate(`[...document.querySelectorAll('.view-links a')].map((link) => link.getAttribute('href'))`)

  it.each(pairs)(
    'has no barrier and keeps to the policy: $locale, $colorScheme',
    async (pair) => {
      const desk = await signedIn(pair)
      const { raw } = desk
      const wrong: Record<string, string[]> = {}
      async function look(name: string): Promise<void> {
        // A dialog that is half there has pale words.
        const moving = `document.getAnimations().some(({ playState }) => playState === 'running')`
        await eventually('nothing moves', LIMIT_MS, async () => !(await raw.evaluate(moving)))
        const barriers = await desk.barriers()
        if (barriers.length > 0) wrong[name] = barriers
      }

      const open = await addresses(raw)
      const seen = new Set<string>()
      for (let hash = open.shift(); hash !== undefined; hash = open.shift()) {
        if (hash === '#/admin') hash = '#/admin/people'
        if (seen.has(hash)) continue
        seen.add(hash)
        await raw.evaluate(`location.hash = '${hash}'`)
        await raw
          .locator(marks[hash] ?? 'main.desk h2')
          .first()
          .waitFor()
        await look(hash)
        // Some views have parts with addresses of their own.
        open.push(...(await addresses(raw)).filter((each) => !seen.has(each)))
      }
      expect(seen.size).toBeGreaterThanOrEqual(9)

      await raw.evaluate(`location.hash = '#/newsroom'`)
      await raw.locator('.strip .row .row-open').first().click()
      await raw.locator('.line-acts button').first().waitFor()
      await look('the acts of a line')
      await raw.keyboard.press('KeyW')
      await raw.locator('.line-acts form').waitFor()
      await look('the question before a withdrawal')
      await raw.keyboard.press('Escape')
      for (const [name, keys] of [
        ['the palette', 'Control+KeyK'],
        ['the keys', 'Shift+Slash'],
      ] as const) {
        await raw.evaluate('document.activeElement?.blur()')
        await raw.keyboard.press(keys)
        await raw.getByRole('dialog').waitFor()
        await look(name)
        await raw.keyboard.press('Escape')
        await raw.getByRole('dialog').waitFor({ state: 'hidden' })
      }
      await raw.locator('[data-composer]').fill('Bridge closed after a crack is found')
      const urgency = raw.locator('.composer select:has(option[value="flash"])').first()
      await urgency.click()
      await raw.keyboard.press('Escape')
      await urgency.selectOption('flash')
      await raw.locator('[data-composer]').press('Control+Enter')
      await raw.getByRole('dialog').waitFor()
      await look('the question before a flash')
      await raw.keyboard.press('Escape')
      await raw.getByRole('dialog').waitFor({ state: 'hidden' })

      await urgency.selectOption('routine')
      await raw.context().clearCookies()
      await raw.locator('[data-composer]').press('Control+Enter')
      await raw.getByRole('dialog').locator('input[type="password"]').waitFor()
      await look('the end of the session')
      expect(wrong).toEqual({})
      expect(desk.faults).toEqual([])
    },
    GALLERY_LIMIT_MS,
  )
})
