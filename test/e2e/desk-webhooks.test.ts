import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { button, confirmed, deskAt, letAdminsIn } from '../support/desk-at.ts'
import { newMember } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

describe("the desk's webhooks", () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await letAdminsIn(service, 'en')
    await newMember(service, 'bea@example.org', { '*': 'admin' })
    const headers = { Authorization: `Bearer ${service.key}`, 'Content-Type': 'application/json' }
    const post = async (path: string, body: object) => {
      const answer = await fetch(new URL(path, service.url), {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      return (await answer.json()) as { id: string }
    }
    const { id } = await post('/v1/partners', { name: 'Acme', contact: 'night@acme.example', feeds: ['en'] })
    await post(`/v1/partners/${id}/keys`, {})
  })

  it('makes a webhook, tests it, shows its deliveries, and names the partner in the newsroom', async () => {
    const desk = await deskAt(browser, service, 'bea@example.org', 'admin/partners')
    await desk.raw.locator('[data-partner="Acme"]').getByRole('button', { name: 'Webhooks' }).click()
    await desk.raw.getByText('The partner has no webhook.').waitFor()
    await desk.raw.getByLabel('Address (https)').fill('http://acme.example/hook')
    await button(desk, 'Make the webhook').click()
    await desk.raw.getByText('A field does not fit').waitFor()
    await desk.raw.getByLabel('Address (https)').fill('https://10.0.0.1/hook')
    await button(desk, 'Make the webhook').click()
    expect(await desk.raw.locator('[data-secret]').textContent()).toMatch(/^whsec_/)
    expect(await desk.barriers()).toEqual([])
    await button(desk, 'I have it').click()

    const row = desk.raw.locator('[data-webhook="https://10.0.0.1/hook"]')
    await row.getByText('0 messages delivered, no failure').waitFor()
    await confirmed(desk, row, 'Test')
    await row.getByText('The address is in a private network').waitFor()
    await row.getByRole('button', { name: 'Deliveries' }).click()
    await desk.raw.getByText('webhook.ping').waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByLabel('From this time on').fill('2026-01-01T00:00')
    await button(desk, 'Deliver again from then').click()

    const posted = await service.post('en', { text: 'Wrong' })
    await row.getByText(/[1-9] failures? in a row/).waitFor()
    await confirmed(desk, row, 'Deliver again')
    await confirmed(desk, row, 'New secret')
    await button(desk, 'I have it').click()
    await service.withdraw('en', posted, {})
    expect(desk.faults).toEqual([])

    const newsroom = await deskAt(browser, service, 'bea@example.org', 'newsroom')
    const notices = newsroom.raw.locator('[data-partner-notices]')
    await notices.locator('[data-notice="on"]').getByText('does not take its messages').waitFor()
    const recall = notices.locator('[data-notice="recall"]')
    await recall.getByText('A withdrawal is not acknowledged by 1 partner.').waitFor()
    await recall.getByText('night@acme.example').waitFor()
    expect(await newsroom.barriers()).toEqual([])
    expect(newsroom.faults).toEqual([])

    await confirmed(desk, row, 'Delete')
    await row.waitFor({ state: 'detached' })
    expect(desk.faults).toEqual([])
  })
})
