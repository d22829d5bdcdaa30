import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk, type DeskPage } from '../support/desk-page.ts'
import { eventually } from '../support/eventually.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

const LIMIT_MS = 10_000

describe('the help of the composer', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await service.createFeed({ id: 'ar', title: 'عاجل', lang: 'ar' })
    for (const name of ['ann', 'bob', 'cat'])
      await newMember(service, `${name}@example.org`, { '*': 'editor' })
  })

  const text = (desk: DeskPage) => desk.raw.getByLabel('Text')
  const onStrip = (desk: DeskPage, words: string) =>
    desk.raw.locator('.strip .row').filter({ hasText: words })

  async function openFor(email: string, feed = 'en'): Promise<DeskPage> {
    const desk = await openDesk(browser, service)
    await desk.signIn(email)
    await desk.raw.getByLabel('Feed').selectOption(feed)
    await text(desk).waitFor()
    return desk
  }

  it('names a line that says the same while the text is typed, and keeps nothing from going out', async () => {
    await createComparedFeed('compared')
    const desk = await openFor('ann@example.org', 'compared')
    await service.post('compared', { text: 'Tarrow Bridge closed after crack' })
    await text(desk).pressSequentially('BREAKING: Tarrow bridge closed after cracks')
    await desk.raw.getByText('The same is known already (Live): “Tarrow Bridge closed').waitFor()
    expect(await desk.barriers()).toEqual([])
    await text(desk).fill('Tarrow Bridge opens  again')
    await desk.raw.getByText('There are two spaces in a row').waitFor()
    await desk.raw.getByText('4 words').waitFor()
    await desk.raw.getByText('The same is known').waitFor({ state: 'detached' })
    await text(desk).press('Control+Enter')
    await onStrip(desk, 'Tarrow Bridge opens').waitFor()
    expect(desk.faults).toEqual([])
  })

  it('shows the line in the ticker, in the direction of the feed, as it is typed', async () => {
    const desk = await openFor('ann@example.org', 'ar')
    await text(desk).pressSequentially('إغلاق جسر تارو, بعد شرخ')
    await desk.raw.getByText('A Latin comma').waitFor()
    const headline = desk.raw.locator('[data-preview] .headline')
    await headline.filter({ hasText: 'إغلاق جسر تارو, بعد شرخ' }).waitFor()
    expect(await headline.getAttribute('dir')).toBe('rtl')
    await desk.raw.getByLabel('Urgency').selectOption('flash')
    await desk.raw.locator('[data-preview] [data-urgency="flash"]').waitFor()
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('begins with a template, and asks once about a place that is not filled', async () => {
    const desk = await openFor('bob@example.org')
    await text(desk).fill('Fire in {place}')
    await desk.raw.getByRole('button', { name: 'More fields' }).click()
    await desk.raw.getByLabel('Section').fill('city')
    await desk.raw.getByRole('button', { name: 'Templates' }).click()
    const dialog = desk.raw.getByRole('dialog', { name: 'Templates' })
    await dialog.getByLabel('Name of the template').fill('A fire')
    expect(await desk.barriers()).toEqual([])
    await dialog.getByRole('button', { name: 'Make a template' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await desk.raw.getByText('Fill the place in braces').count()).toBe(0)

    await text(desk).fill('')
    await desk.raw.getByLabel('Section').fill('')
    await desk.raw.getByLabel('Begin with a template').selectOption('A fire')
    await eventually('the place is selected', LIMIT_MS, async () => {
      const selected: unknown = await desk.raw.evaluate('getSelection().toString()')
      return selected === '{place}'
    })
    expect(await desk.raw.getByLabel('Section').inputValue()).toBe('city')
    await text(desk).press('Control+Enter')
    await desk.raw.getByText('Fill the place in braces').waitFor()
    await desk.raw.keyboard.type('the old port')
    await text(desk).press('Control+Enter')
    await onStrip(desk, 'Fire in the old port').waitFor()
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('offers unsent words in another browser, and posts them once', async () => {
    const first = await openFor('cat@example.org')
    await text(first).fill('Written at home, in the evening')
    await kept(first, 'Written at home')

    const other = await openFor('cat@example.org')
    const offer = other.raw.getByRole('group', { name: 'Words from another browser' })
    await offer.getByText('Written at home, in the evening').waitFor()
    expect(await other.barriers()).toEqual([])
    await offer.getByRole('button', { name: 'Continue with it' }).click()
    expect(await text(other).inputValue()).toBe('Written at home, in the evening')
    await text(other).press('Control+Enter')
    await onStrip(other, 'Written at home').waitFor()
    // The same wish: its key has come along with the words.
    await text(first).press('Control+Enter')
    await first.raw.locator('.receipts .row').filter({ hasText: 'Written at home' }).waitFor()
    expect(await onStrip(first, 'Written at home').count()).toBe(1)
    await kept(first, '')
    await other.raw.reload()
    await text(other).waitFor()
    await other.raw.getByRole('button', { name: 'More fields' }).waitFor()
    expect(await offer.count()).toBe(0)
    expect([...first.faults, ...other.faults]).toEqual([])
  })

  it('keeps no words of a correction that is sent or dropped', async () => {
    await service.post('en', { text: 'Bus line ends at six' })
    const desk = await openFor('bob@example.org')
    const correct = async (words: string): Promise<void> => {
      await onStrip(desk, 'Bus line ends').getByRole('button').first().click()
      await desk.raw.getByRole('button', { name: 'Correct', exact: true }).click()
      await desk.raw.getByRole('form', { name: 'Correct this headline' }).waitFor()
      await text(desk).fill(words)
      await kept(desk, words)
    }
    await correct('Bus line ends at seven')
    await text(desk).press('Control+Enter')
    await onStrip(desk, 'Bus line ends at seven').waitFor()
    await kept(desk, '')
    await onStrip(desk, 'Bus line ends').getByRole('button').first().click()
    await correct('Bus line ends at eight')
    await desk.raw.getByRole('button', { name: 'Drop my changes' }).click()
    await kept(desk, '')
    expect(desk.faults).toEqual([])
  })

  /** Without undo windows; texts are compared with those of the last hours. */
  async function createComparedFeed(id: string): Promise<void> {
    const undoMs = { flash: 0, bulletin: 0, urgent: 0, routine: 0 }
    const answer = await fetch(new URL('/v1/feeds', service.url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${service.key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ id, title: 'Compared', lang: 'en', policy: { undoMs } }),
    })
    expect(answer.status).toBe(201)
  }

  /** Waits until the server has these words of the person, or none. */
  function kept(desk: DeskPage, words: string): Promise<unknown> {
    return eventually('the words are on the server', LIMIT_MS, async () => {
      const answer: unknown = await desk.raw.evaluate(
        'fetch("/v1/feeds/en/scratch").then((answer) => answer.text())',
      )
      return words === '' ? answer === '{"scratch":[]}' : String(answer).includes(words)
    })
  }
})
