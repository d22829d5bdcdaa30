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

  it('shows the correction of one part on the others, and one act withdraws all', async () => {
    const desk = await deskAt(browser, service, 'ann@example.org', 'editions')
    await text(desk, 'en').waitFor()
    await write(desk, 2, 'Puente 2 cerrado')
    await desk.raw.getByText('3 of 3 parts are out').last().waitFor()
    const edition = new URL(desk.raw.url()).hash.split('/').at(-1) ?? ''

    await correct(service, edition, 'en', { text: 'Ferry 2 closed', note: 'It is a ferry.' })

    for (const feed of ['ar', 'es']) await attention(cell(desk, feed)).waitFor()
    expect(await attention(cell(desk, 'ar')).textContent()).toBe('In en: Corrected. Check this line too.')
    expect(await attention(cell(desk, 'en')).count()).toBe(0)
    expect(await desk.barriers()).toEqual([])

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
})

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
