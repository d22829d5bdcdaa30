import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { newMember, openDesk } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

describe('a feed for partners on the desk', () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await service.createFeed({ id: 'wire', title: 'Wire', lang: 'en', visibility: 'partners' })
    await newMember(service, 'ann@example.org', { '*': 'editor' })
    await service.post('wire', { text: 'For partners only', urgency: 'urgent' })
  })

  it('shows its live lines as readers get them, and keeps them live', async () => {
    const { raw, signIn, faults } = await openDesk(browser, service)
    const requests: string[] = []
    raw.on('request', (request) => requests.push(request.url()))
    await signIn('ann@example.org')
    await raw.getByLabel('Feed', { exact: true }).selectOption('wire')
    await raw.locator('.strip').getByText('For partners only').waitFor()
    await service.post('wire', { text: 'More for partners', urgency: 'urgent' })
    await raw.locator('.strip').getByText('More for partners').waitFor()
    expect(await raw.locator('.strip-state').textContent()).toBe('')
    expect(requests.join(' ')).not.toMatch(/token=|eyJ/)
    expect(faults).toEqual([])
  })

  it('gives a token to a person with a role in the feed, for that feed alone', async () => {
    const tokenFor = async (feed: string, key: string) =>
      fetch(new URL(`/v1/feeds/${feed}/reader-tokens`, service.url), {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}` },
      })
    const answer = await tokenFor('wire', service.key)
    expect(answer.status).toBe(201)
    const { token } = (await answer.json()) as { token: string }
    const read = async (feed: string) => {
      const headers = { Authorization: `Bearer ${token}` }
      return (await fetch(new URL(`/v1/feeds/${feed}`, service.url), { headers })).status
    }
    expect([await read('wire'), await read('en')]).toEqual([200, 404])
    expect((await tokenFor('nowhere', service.key)).status).toBe(404)
    expect((await tokenFor('wire', 'x'.repeat(43))).status).toBe(401)
  })
})
