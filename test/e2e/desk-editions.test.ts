import { describe, expect, it } from '@jest/globals'
import type { Browser, Locator } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { button, deskAt } from '../support/desk-at.ts'
import { newMember, type DeskPage } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'
import { eventually } from '../support/eventually.ts'
import { openPolicy } from '../support/redis.ts'

const DIRECTION = `getComputedStyle(document.querySelector('[data-text="ar"]')).direction`

describe('an edition on the desk', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'ar', title: 'عاجل', lang: 'ar' })
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await service.createFeed({ id: 'es', title: 'Última hora', lang: 'es' })
    await setPolicy(service, 'es', { maxGraphemes: 30 })
    await newMember(service, 'ann@example.org', { '*': 'editor' })
    await newMember(service, 'bob@example.org', { '*': 'editor' })
    await newMember(service, 'cat@example.org', { '*': 'editor' })
  })

  const text = (desk: DeskPage, feed: string) => desk.raw.locator(`[data-text="${feed}"]`)
  const cell = (desk: DeskPage, feed: string) => desk.raw.locator(`[data-feed="${feed}"]`)

  async function write(desk: DeskPage, n: number, spanish: string): Promise<void> {
    await text(desk, 'ar').fill(`إغلاق الجسر ${n}`)
    await text(desk, 'en').fill(`Bridge ${n} closed`)
    await text(desk, 'es').fill(spanish)
    await desk.raw.keyboard.press('Control+Enter')
  }

  it('goes out in three feeds with one key; a refused part stays red until it is repaired', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'editions')
    await text(desk, 'ar').waitFor()
    expect(await desk.raw.evaluate(DIRECTION)).toBe('rtl')
    expect(await desk.barriers()).toEqual([])

    await write(desk, 1, 'Puente 1 cerrado por una grieta en el pilar')

    await cell(desk, 'en').getByText('Live').waitFor()
    await cell(desk, 'ar').getByText('Live').waitFor()
    await desk.raw.locator('[data-feed="es"][data-refused]').waitFor()
    expect(await cell(desk, 'es').textContent()).toContain('The text is too long')
    expect(await desk.barriers()).toEqual([])

    await text(desk, 'es').fill('Puente 1 cerrado')
    await desk.raw.keyboard.press('Control+Enter')

    await desk.raw.getByText('3 of 3 parts are out').last().waitFor()
    await cell(desk, 'es').getByText('Live').waitFor()
    expect(await desk.raw.getByText('The first one out').count()).toBe(1)
    expect(await desk.raw.locator('[data-refused]').count()).toBe(0)
    expect(await desk.barriers()).toEqual([])
    await eventually('readers see it', 10_000, async () =>
      (await stripOf(service, 'en')).includes('Bridge 1 closed'),
    )
    expect(desk.faults).toEqual([])
  })

  it('keeps the words through a reload', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'editions')
    await text(desk, 'en').fill('Half a headline')
    await desk.raw.reload()
    await text(desk, 'en').waitFor()
    expect(await text(desk, 'en').inputValue()).toBe('Half a headline')
  })

  it('offers the words in another browser, and sends all parts at the time that is set', async () => {
    const home = await deskAt(browser, service, 'cat@example.org', 'editions')
    await text(home, 'en').fill('Bridge 4 closed')
    const saved = home.raw.waitForResponse(
      (answer) =>
        answer.url().endsWith('/scratch/edition') && answer.request().postData()?.includes('الجسر') === true,
    )
    await text(home, 'ar').fill('إغلاق الجسر 4')
    await saved
    const desk = await deskAt(browser, service, 'cat@example.org', 'editions')
    const offer = desk.raw.getByRole('group', { name: 'Words from another browser' })
    for (const words of ['Bridge 4 closed', 'إغلاق الجسر 4']) await offer.getByText(words).waitFor()
    expect(await desk.barriers()).toEqual([])
    await offer.getByRole('button').first().click()
    await offer.waitFor({ state: 'detached' })
    expect(await text(desk, 'en').inputValue()).toBe('Bridge 4 closed')

    await text(desk, 'es').fill('Puente 4 cerrado')
    await button(desk, 'Release at a time').click()
    await text(desk, 'es').press('Control+Enter')
    const time = desk.raw.getByLabel('Release at', { exact: true })
    await desk.raw.locator('[data-field="releaseAt"]:focus').waitFor()
    await time.fill(tomorrow())
    await desk.raw.getByLabel('Embargo', { exact: false }).check()
    await text(desk, 'es').press('Control+Enter')
    for (const feed of ['ar', 'en', 'es']) await cell(desk, feed).getByText('Scheduled').waitFor()
    const { desk: kept, releaseAt } = await recordOf(service, editionIn(desk), 'es')
    expect(releaseAt).toBe(new Date(kept?.embargoUntil ?? 0).toISOString())
    await eventually('no browser keeps the words', 10_000, async () => {
      const { scratch } = await desk.raw.evaluate(() =>
        fetch('/v1/feeds/ar/scratch').then((answer) => answer.json() as Promise<{ scratch: unknown[] }>),
      )
      return scratch.length === 0
    })
    expect([...home.faults, ...desk.faults]).toEqual([])
  })

  it('shows the correction of one part on the others, and one act withdraws all', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'editions')
    await text(desk, 'en').waitFor()
    await write(desk, 2, 'Puente 2 cerrado')
    await desk.raw.getByText('3 of 3 parts are out').last().waitFor()
    const edition = editionIn(desk)

    await correct(service, edition, 'en', { text: 'Ferry 2 closed', note: 'It is a ferry.' })

    for (const feed of ['ar', 'es']) await attention(cell(desk, feed)).waitFor()
    expect(await attention(cell(desk, 'ar')).textContent()).toBe('In en: Corrected. Check this line too.')
    expect(await attention(cell(desk, 'en')).count()).toBe(0)
    expect(await desk.barriers()).toEqual([])
    await cell(desk, 'es').getByRole('button', { name: 'I have checked it' }).click()
    await attention(cell(desk, 'es')).waitFor({ state: 'detached' })
    await attention(cell(desk, 'ar')).waitFor()

    await desk.raw.keyboard.press('w')
    const dialog = desk.raw.getByRole('dialog')
    await dialog.getByText('Ferry 2 closed').waitFor()
    await dialog.getByText('إغلاق الجسر 2').waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.keyboard.press('Enter')

    for (const feed of ['ar', 'en', 'es']) await cell(desk, feed).getByText('Withdrawn').waitFor()
    for (const feed of ['ar', 'en', 'es'])
      await eventually('readers see it no more', 10_000, async () =>
        (await stripOf(service, feed)).every((line) => !line.includes('2')),
      )
    expect(await button(desk, 'Withdraw all').count()).toBe(0)
    expect(desk.faults).toEqual([])
  })

  it('takes corrections of two desks in two feeds at once, each with a note for its readers', async () => {
    const ann = await deskAt(browser, service, 'ann@example.org', 'editions')
    await text(ann, 'en').waitFor()
    await write(ann, 3, 'Puente 3 cerrado')
    await ann.raw.getByText('3 of 3 parts are out').last().waitFor()
    const edition = editionIn(ann)
    const bob = await deskAt(browser, service, 'bob@example.org', `editions/${edition}`)
    const sides = [
      [ann, 'en', 'Ferry 3 closed', 'It is a ferry.'],
      [bob, 'ar', 'إغلاق العبّارة 3', 'إنها عبّارة.'],
    ] as const

    for (const [desk, feed, words, note] of sides) {
      await cell(desk, feed).getByRole('button', { name: 'Correct' }).click()
      const form = cell(desk, feed).getByRole('form')
      await form.getByLabel('Text').fill(words)
      await form.getByLabel('Note for readers').fill(note)
    }
    expect(await ann.barriers()).toEqual([])
    await cell(bob, 'en').getByRole('button', { name: 'Correct' }).click()
    await cell(bob, 'en').locator('[data-doing="editing"]').getByText('ann').waitFor()
    await cell(bob, 'en').getByRole('button', { name: 'Correct', exact: true }).first().click()
    await cell(bob, 'en').getByRole('form').waitFor({ state: 'detached' })
    await Promise.all(
      sides.map(([desk, feed]) =>
        cell(desk, feed).getByRole('button', { name: 'Correct with a note' }).click(),
      ),
    )

    for (const desk of [ann, bob])
      for (const [, feed, words, note] of sides) {
        await cell(desk, feed).locator('.row-text').getByText(words).waitFor()
        await attention(cell(desk, feed)).waitFor()
        expect(await cell(desk, feed).getByRole('form').count()).toBe(0)
        await eventually('readers have the note', 10_000, async () =>
          (await notesOf(service, feed)).includes(note),
        )
      }
    expect([...ann.faults, ...bob.faults]).toEqual([])
  })

  it('withdraws all parts with a note for the readers of each feed', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'editions')
    await text(desk, 'en').waitFor()
    await write(desk, 4, 'Puente 4 cerrado')
    await desk.raw.getByText('3 of 3 parts are out').last().waitFor()
    const edition = editionIn(desk)
    await desk.raw.keyboard.press('w')
    await desk.raw.getByLabel('Note for the readers of Breaking').fill('No bridge is closed.')
    await desk.raw.keyboard.press('Enter')
    for (const feed of ['ar', 'en', 'es']) await cell(desk, feed).getByText('Withdrawn').waitFor()
    const notes = async (feed: string) =>
      (await recordOf(service, edition, feed)).versions.at(-1)?.content?.note
    expect([await notes('en'), await notes('es')]).toEqual(['No bridge is closed.', undefined])
    expect(desk.faults).toEqual([])
  })

  it('begins with a line that is out, and takes a line and a new text for other feeds', async () => {
    await service.post('en', { text: 'Tram 5 stops' })
    await service.post('ar', { text: 'توقف الترام 5' })
    const desk = await deskAt(browser, service, 'ann@example.org', 'newsroom')
    await desk.raw.getByLabel('Feed', { exact: true }).selectOption('en')
    await desk.raw.locator('.strip').getByRole('button', { name: 'Tram 5 stops' }).click()
    await desk.raw.getByRole('button', { name: 'In other feeds too' }).click()
    await desk.raw.getByText('1 of 1 parts').last().waitFor()

    await desk.raw.getByLabel('Add the part of another feed').selectOption('ar')
    await desk.raw.getByLabel('Find a line in عاجل').fill('الترام')
    expect(await desk.barriers()).toEqual([])
    await desk.raw
      .locator('[data-joinable] .row')
      .filter({ hasText: 'توقف الترام 5' })
      .getByRole('button')
      .click()
    await cell(desk, 'ar').getByText('توقف الترام 5').waitFor()

    await desk.raw.getByLabel('Add the part of another feed').selectOption('es')
    await text(desk, 'es').fill('El tranvía 5 se ha parado en el puente')
    await desk.raw.getByRole('button', { name: 'Publish' }).click()
    await desk.raw.getByText('The text is too long').waitFor()
    await desk.raw.reload()
    await desk.raw.getByLabel('Add the part of another feed').selectOption('es')
    expect(await text(desk, 'es').inputValue()).toBe('El tranvía 5 se ha parado en el puente')
    await text(desk, 'es').fill('Se para el tranvía 5')
    await desk.raw.getByRole('button', { name: 'Publish' }).click()
    await desk.raw.getByText('3 of 3 parts are out').last().waitFor()
    await cell(desk, 'es').getByText('Se para el tranvía 5').waitFor()
    expect(await desk.barriers()).toEqual([])
    expect(desk.faults).toEqual([])
  })

  it('keeps a part that has refused an act red, over a reload, until its person repeats it under the same key', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'editions')
    await text(desk, 'en').waitFor()
    await write(desk, 6, 'Puente 6 cerrado')
    await desk.raw.getByText('3 of 3 parts are out').last().waitFor()
    await desk.raw.keyboard.press('h')
    for (const feed of ['ar', 'en', 'es']) await cell(desk, feed).getByText('On hold').waitFor()
    await freeze(service, 'es', 'freeze')
    const keys = keysOf(desk, '/resume')
    await desk.raw.keyboard.press('h')
    const red = desk.raw.locator('[data-refused]')
    await red.getByText('The feed is frozen').waitFor()
    await desk.raw.reload()
    await red.getByText('The feed is frozen').waitFor()
    expect(await desk.raw.locator('[data-feed="es"][data-refused]').count()).toBe(1)
    expect(await desk.barriers()).toEqual([])
    await freeze(service, 'es', 'thaw')
    await red.getByRole('button', { name: 'Try again' }).click()
    await cell(desk, 'es').getByText('Live').waitFor()
    await red.waitFor({ state: 'detached' })
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
    expect(desk.faults).toEqual([])
  })
})

/** Noon of the next day, as it is typed. */
function tomorrow(): string {
  return `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T12:00`
}

function editionIn(desk: DeskPage): string {
  return new URL(desk.raw.url()).hash.split('/').at(-1) ?? ''
}

/** The Idempotency-Keys of the requests to this path from now on. */
function keysOf(desk: DeskPage, path: string): readonly (string | undefined)[] {
  const keys: (string | undefined)[] = []
  desk.raw.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith(path))
      keys.push(request.headers()['idempotency-key'])
  })
  return keys
}

async function freeze(service: BuiltService, feed: string, act: 'freeze' | 'thaw'): Promise<void> {
  const body = JSON.stringify(act === 'freeze' ? { reason: 'A check' } : {})
  await call(service, `/v1/feeds/${feed}/${act}`, { method: 'POST', body })
}

interface LineRecord {
  readonly releaseAt?: string
  readonly desk?: { readonly embargoUntil?: number }
  readonly versions: readonly { readonly content?: { readonly note?: string } }[]
}

async function recordOf(service: BuiltService, edition: string, feed: string): Promise<LineRecord> {
  const { parts } = await call<{ parts: { feed: string; id: string }[] }>(service, `/v1/editions/${edition}`)
  const id = parts.find((part) => part.feed === feed)?.id ?? ''
  return call<LineRecord>(service, `/v1/feeds/${feed}/headlines/${id}`)
}

async function notesOf(service: BuiltService, feed: string): Promise<(string | undefined)[]> {
  const { strip } = await call<{ strip: { note?: string }[] }>(service, `/v1/feeds/${feed}`)
  return strip.map(({ note }) => note)
}

function attention(cell: Locator): Locator {
  return cell.locator('[data-attention]')
}

async function call<Body>({ url, key }: BuiltService, path: string, init: RequestInit = {}): Promise<Body> {
  const headers = {
    Authorization: `Bearer ${key}`,
    'Content-Type': 'application/json',
    ...(init.headers as Record<string, string> | undefined),
  }
  const response = await fetch(new URL(path, url), { ...init, headers })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Body
}

async function setPolicy(service: BuiltService, feed: string, changes: object): Promise<void> {
  const path = `/v1/feeds/${feed}/policy`
  const { version } = await call<{ version: number }>(service, path)
  const body = JSON.stringify({ ...openPolicy, ...changes })
  await call(service, path, { method: 'PUT', headers: { 'If-Match': `"${version}"` }, body })
}

async function correct(service: BuiltService, edition: string, feed: string, change: object): Promise<void> {
  const { parts } = await call<{ parts: { feed: string; id: string; version: number }[] }>(
    service,
    `/v1/editions/${edition}`,
  )
  const part = parts.find((each) => each.feed === feed)
  await call(service, `/v1/feeds/${feed}/headlines/${part?.id ?? ''}/correct`, {
    method: 'POST',
    headers: { 'If-Match': `"${part?.version ?? 0}"` },
    body: JSON.stringify(change),
  })
}

async function stripOf(service: BuiltService, feed: string): Promise<string[]> {
  const { strip } = await call<{ strip: { text: string }[] }>(service, `/v1/feeds/${feed}`)
  return strip.map(({ text }) => text)
}
