import { describe, expect, it } from '@jest/globals'
import { Secret, TOTP } from 'otpauth'
import type { Browser } from 'playwright-core'
import { password } from '../support/browser.ts'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk, type DeskPage } from '../support/desk-page.ts'
import { openPolicy } from '../support/redis.ts'
import { Typist, type Layout } from '../support/typist.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

/** `DESK=full`: the lines of a whole shift. Otherwise one line takes each step. */
const LINES = process.env.DESK === 'full' ? 25 : 1
const LIMIT_MS = 40_000
const SHIFT_LIMIT_MS = 120_000 + LINES * 40_000
const TOTP_STEP_MS = 30_000
const DAY_MS = 86_400_000
/** Long enough for a busy computer. */
const UNDO_MS = 300_000

describe('a shift of two people without a mouse', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await letUndo('routine')
  })

  async function letUndo(urgency: 'routine'): Promise<void> {
    const path = new URL('/v1/feeds/en/policy', service.url)
    const headers = { Authorization: `Bearer ${service.key}`, 'Content-Type': 'application/json' }
    const etag = (await fetch(path, { headers })).headers.get('etag') ?? ''
    const policy = { ...openPolicy, undoMs: { ...openPolicy.undoMs, [urgency]: UNDO_MS } }
    const put = { method: 'PUT', headers: { ...headers, 'If-Match': etag }, body: JSON.stringify(policy) }
    expect((await fetch(path, put)).status).toBe(200)
  }

  async function atDesk(layout: Layout) {
    const desk = await openDesk(browser, service)
    desk.raw.setDefaultTimeout(LIMIT_MS)
    return { desk, keys: new Typist(desk.raw, layout) }
  }
  type Seat = Awaited<ReturnType<typeof atDesk>>

  const onStrip = ({ raw }: DeskPage, words: string) => raw.locator('.strip .row').filter({ hasText: words })
  const inGroup = ({ raw }: DeskPage, group: string, words: string) =>
    raw.locator(`[data-group="${group}"] .row`).filter({ hasText: words })
  const receipt = ({ raw }: DeskPage, words: string, result: string) =>
    raw.locator('.receipts .row').filter({ hasText: words }).filter({ hasText: result })
  /** The act may be done now: its button is there. */
  const may = ({ raw }: DeskPage, name: string) =>
    raw.locator('.line-acts button:enabled').getByText(name, { exact: true }).first().waitFor()

  async function signIn({ desk, keys }: Seat, email: string, secret?: string): Promise<void> {
    await keys.tabTo(desk.raw.getByLabel('Email'))
    await keys.type(email)
    await keys.tabTo(desk.raw.getByLabel('Password'))
    await keys.type(password)
    await keys.press('Enter')
    if (secret !== undefined) {
      await keys.tabTo(desk.raw.getByLabel('Code of the second factor'))
      // Each code counts once, and the present one has confirmed the secret.
      const timestamp = Date.now() + TOTP_STEP_MS
      await keys.type(new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp }))
      await keys.press('Enter')
    }
    await desk.raw.locator('[data-composer]').waitFor()
  }

  async function write({ desk, keys }: Seat, text: string): Promise<void> {
    await keys.press('Escape')
    await keys.press('KeyN')
    await desk.raw.locator('[data-composer]:focus').waitFor()
    await keys.type(text)
  }

  async function lifeOfALine(ann: Seat, bob: Seat, name: string): Promise<void> {
    const [text, embargoed] = [`Ferry ${name} is cancelled`, `Budget ${name} is out`]
    const rumour = `Mayor ${name} resigns`
    const { desk, keys } = bob
    await write(ann, text)
    await ann.keys.press('Control+Enter')
    await receipt(ann.desk, text, 'Waits for approval').waitFor()

    await inGroup(desk, 'approval', text).waitFor()
    await keys.press('Escape')
    await keys.choose(text)
    await may(desk, 'Approve')
    await keys.press('KeyA')
    await onStrip(ann.desk, text).waitFor()
    await receipt(desk, text, 'Live').waitFor()

    await may(desk, 'Correct')
    await keys.press('KeyE')
    await desk.raw.getByRole('form', { name: 'Correct this headline' }).waitFor()
    await desk.raw.locator('[data-composer]:focus').waitFor()
    await keys.press('Control+End')
    await keys.type(' until noon')
    await keys.tabTo(desk.raw.getByLabel('Note for readers'))
    await keys.type('It said no time.')
    await keys.press('Control+Enter')
    await onStrip(ann.desk, `${text} until noon`).getByText('Corrected').waitFor()
    await desk.raw.getByRole('form', { name: 'New headline' }).waitFor()
    await keys.press('Escape')

    await may(desk, 'Hold')
    await keys.press('KeyH')
    await onStrip(ann.desk, text).waitFor({ state: 'detached' })
    await may(desk, 'Resume')
    await keys.press('KeyH')
    await onStrip(ann.desk, text).waitFor()
    await may(desk, 'Withdraw')
    await keys.press('KeyW')
    await desk.raw.locator('.line-acts form').waitFor()
    await keys.press('Enter')
    await onStrip(ann.desk, text).waitFor({ state: 'detached' })
    await receipt(desk, text, 'Withdrawn').waitFor()

    await write(bob, embargoed)
    await keys.tabTo(desk.raw.getByRole('button', { name: 'Release at a time' }))
    await keys.press('Enter')
    await keys.tabTo(desk.raw.getByLabel('Release at', { exact: true }))
    await keys.type(dayToType())
    await keys.press('ArrowRight')
    // In the evening, where the browser's own language has halves of a day.
    await keys.type('1130P')
    await keys.press('Control+Enter')
    await receipt(desk, embargoed, 'Scheduled').waitFor()
    await inGroup(ann.desk, 'scheduled', embargoed).waitFor()

    await write(bob, rumour)
    await keys.tabTo(desk.raw.locator('.composer').getByLabel('Urgency'))
    await keys.type('Routine')
    await keys.press('Control+Enter')
    await inGroup(ann.desk, 'outgoing', rumour).waitFor()
    await keys.press('Escape')
    await keys.press('KeyU')
    await inGroup(desk, 'mine', rumour).waitFor()
    await inGroup(ann.desk, 'outgoing', rumour).waitFor({ state: 'detached' })
  }

  async function searchAndLeave({ desk, keys }: Seat, words: string): Promise<void> {
    await keys.press('Escape')
    await keys.press('Slash')
    await desk.raw.locator('[role="search"] input[type="search"]:focus').waitFor()
    await keys.type(words)
    await keys.press('Enter')
    await desk.raw.getByText('1 line', { exact: true }).waitFor()
    await keys.tabTo(desk.raw.locator('[data-found] a'))
    await keys.press('Enter')
    for (const act of ['Submitted for approval', 'Corrected', 'Put on hold', 'Withdrawn'])
      await desk.raw.locator('[data-versions]').getByText(act, { exact: true }).first().waitFor()
    await keys.pressWithControl('KeyK')
    await desk.raw.getByLabel('Act, view or feed').waitFor()
    await keys.type('newsroom')
    await desk.raw.getByRole('dialog').getByRole('button', { name: 'Newsroom' }).waitFor()
    await keys.press('Enter')
    await desk.raw.locator('[data-composer]').waitFor()
    await keys.tabTo(desk.raw.getByRole('button', { name: 'Sign out', exact: true }), 'Shift+Tab')
    await keys.press('Enter')
    await desk.raw.getByRole('heading', { name: 'Sign in to the desk' }).waitFor()
  }

  it.each(['Latin', 'Arabic'] as const)(
    'from the sign-in to the sign-out, with a keyboard of %s layout',
    async (layout) => {
      const name = layout.toLowerCase()
      await newMember(service, `ann-${name}@example.org`, { en: 'reporter' })
      const visitor = await newMember(service, `bob-${name}@example.org`, { en: 'editor' })
      const secret = await visitor.addSecondFactor()
      const [ann, bob] = [await atDesk(layout), await atDesk(layout)]
      await signIn(ann, `ann-${name}@example.org`)
      await signIn(bob, `bob-${name}@example.org`, secret)
      for (let n = 0; n < LINES; n++) await lifeOfALine(ann, bob, `${name}${n}`)
      await searchAndLeave(bob, `Ferry ${name}0`)
      await ann.keys.tabTo(ann.desk.raw.getByRole('button', { name: 'Sign out', exact: true }), 'Shift+Tab')
      await ann.keys.press('Enter')
      await ann.desk.raw.getByRole('heading', { name: 'Sign in to the desk' }).waitFor()
      expect([...ann.desk.faults, ...bob.desk.faults]).toEqual([])
    },
    SHIFT_LIMIT_MS,
  )
})

/** A day of the coming year with the same number as its month: browsers differ in the order of the two. */
function dayToType(): string {
  const thisYear = new Date().getUTCFullYear()
  const soon = Date.now() + DAY_MS
  const days = [thisYear, thisYear + 1].flatMap((year) =>
    Array.from({ length: 12 }, (_, month) => ({ year, month, at: Date.UTC(year, month, month + 1) })),
  )
  const day = days.find(({ at }) => at > soon)
  const two = String((day?.month ?? 0) + 1).padStart(2, '0')
  return `${two}${two}${day?.year}`
}
