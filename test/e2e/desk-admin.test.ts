import { describe, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import type { BuiltService } from '../support/built-service.ts'
import { password } from '../support/browser.ts'
import { button, confirmed, deskAt, letAdminsIn } from '../support/desk-at.ts'
import { newMember, openDesk } from '../support/desk-page.ts'
import { withBrowserAndService } from '../support/with-browser-and-service.ts'

describe("the desk's administration", () => {
  let browser: Browser
  let service: BuiltService

  withBrowserAndService(async (opened) => {
    ;({ browser, service } = opened)
    await service.createFeed({ id: 'en', title: 'Breaking', lang: 'en' })
    await letAdminsIn(service, 'en')
    for (const name of ['ann', 'bea']) await newMember(service, `${name}@example.org`, { '*': 'admin' })
  })

  it('invites a person, who accepts in another browser by the link and is signed in', async () => {
    const desk = await deskAt(browser, service, 'bea@example.org', 'admin/invitations')
    await desk.raw.getByLabel('Email').fill('cyd@example.org')
    await desk.raw.getByLabel('All feeds').selectOption('editor')
    await button(desk, 'Invite').click()
    const link = (await desk.raw.locator('[data-secret]').textContent()) ?? ''
    expect(await desk.barriers()).toEqual([])
    await desk.raw.locator('[data-invitation="cyd@example.org"]').getByText('Editor in all feeds').waitFor()

    const { pathname, hash } = new URL(link)
    const other = await openDesk(browser, service, { path: pathname + hash })
    expect(new URL(other.raw.url()).hash).toBe('')
    await other.raw.getByRole('heading', { name: 'Accept the invitation' }).waitFor()
    expect(await other.barriers()).toEqual([])
    await other.raw.getByLabel('Your name').fill('Cyd')
    await other.raw.getByLabel('New password').fill('password1234')
    await button(other, 'Make my account and sign in').click()
    await other.raw.getByText('This password is easy to guess').waitFor()
    await other.raw.getByLabel('New password').fill(password)
    await button(other, 'Make my account and sign in').click()
    await other.raw.getByText('Cyd', { exact: true }).waitFor()
    expect(await other.raw.locator('nav', { hasText: 'Admin' }).count()).toBe(0)

    const late = await openDesk(browser, service, { path: pathname + hash })
    await late.raw.getByLabel('Your name').fill('Mallory')
    await late.raw.getByLabel('New password').fill(password)
    await button(late, 'Make my account and sign in').click()
    await late.raw.getByText('This invitation has been used').waitFor()
    expect([...desk.faults, ...other.faults, ...late.faults]).toEqual([])
  })

  it('changes roles, and disables and enables an account', async () => {
    await newMember(service, 'dan@example.org', { en: 'reporter' })
    const desk = await deskAt(browser, service, 'bea@example.org', 'admin/people')
    const row = desk.raw.locator('[data-account="dan@example.org"]')
    await row.getByText('Reporter in en').waitFor()
    expect(await desk.barriers()).toEqual([])
    await row.getByRole('button', { name: 'Roles' }).click()
    await desk.raw.getByRole('dialog').getByLabel('Breaking (en)').selectOption('chief')
    expect(await desk.barriers()).toEqual([])
    await button(desk, 'Save the roles').click()
    await row.getByText('Chief in en').waitFor()
    for (const act of ['Disable', 'Enable']) await confirmed(desk, row, act)
    await row.getByText('Active').waitFor()
    expect(desk.faults).toEqual([])
  })

  it('makes a key, shows it once, and revokes it', async () => {
    const desk = await deskAt(browser, service, 'bea@example.org', 'admin/keys')
    await desk.raw.getByLabel('Name of the key').fill('Wire import')
    await desk.raw.getByLabel('All feeds').selectOption('reporter')
    await button(desk, 'Make the key').click()
    const key = await desk.raw.locator('[data-secret]').textContent()
    const asKey = () =>
      fetch(new URL('/v1/session', service.url), { headers: { Authorization: `Bearer ${key}` } })
    expect((await asKey()).status).toBe(200)
    await button(desk, 'I have it').click()
    expect(await desk.raw.locator('[data-secret]').count()).toBe(0)
    const row = desk.raw.locator('[data-key="Wire import"]')
    expect(await desk.barriers()).toEqual([])
    await confirmed(desk, row, 'Revoke')
    await row.waitFor({ state: 'detached' })
    expect((await asKey()).status).toBe(401)
    expect(desk.faults).toEqual([])
  })

  it('makes a partner and its key, rotates the key, revokes it and deletes the partner', async () => {
    const desk = await deskAt(browser, service, 'bea@example.org', 'admin/partners')
    await desk.raw.getByText('There is no partner.').waitFor()
    await desk.raw.getByLabel('Name of the partner').fill('Acme')
    await desk.raw.getByLabel('Person or address to ask').fill('desk@acme.example')
    await desk.raw.getByLabel('Feeds, with commas').fill('en, nowhere')
    await desk.raw.getByLabel('Sites whose pages may read').fill('https://*.acme.example')
    await desk.raw.getByLabel('Only these sections').fill('sport, culture')
    await desk.raw.getByLabel('Only these regions').fill('marrowick')
    await desk.raw.getByLabel('Least urgency').selectOption('urgent')
    await desk.raw.getByLabel('Ends at').fill('2036-01-02T12:00')
    await button(desk, 'Make the partner').click()
    await desk.raw.getByText('One of these feeds does not exist').waitFor()
    await desk.raw.getByLabel('Feeds, with commas').fill('en')
    await button(desk, 'Make the partner').click()
    const row = desk.raw.locator('[data-partner="Acme"]')
    await row.getByText('https://*.acme.example').waitFor()
    await row.getByText('culture, sport, marrowick, urgent').waitFor()
    await row.getByText(/^Ends Jan 2, 2036/).waitFor()
    await row.getByText('0 requests, 0 streams, 0 events').waitFor()
    expect(await desk.barriers()).toEqual([])

    const opens = async (key: string | null) => {
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
      const asked = { method: 'POST', headers, body: '{}' }
      return (await fetch(new URL('/v1/partner-tokens', service.url), asked)).status
    }
    const shown = async (act: string) => {
      await confirmed(desk, row, act)
      const key = await desk.raw.locator('[data-secret]').textContent()
      expect(await opens(key)).toBe(201)
      await button(desk, 'I have it').click()
      return key
    }
    const first = await shown('Make a key')
    const second = await shown('Rotate the key')
    const older = row.locator('.line-buttons', { hasText: ' ends ' })
    await older.waitFor()
    expect(await desk.barriers()).toEqual([])
    expect(await opens(first)).toBe(201)
    await confirmed(desk, older, 'Revoke')
    await older.waitFor({ state: 'detached' })
    expect([await opens(first), await opens(second)]).toEqual([401, 201])
    await confirmed(desk, row, 'Delete')
    await row.waitFor({ state: 'detached' })
    expect(await opens(second)).toBe(401)
    expect(desk.faults).toEqual([])
  })

  it('makes an output on air, whose keys begin with fo_', async () => {
    const desk = await deskAt(browser, service, 'bea@example.org', 'admin/partners')
    const field = desk.raw.getByLabel('An output on air')
    await desk.raw.getByLabel('Name of the partner').fill('Studio 1')
    await desk.raw.getByLabel('Person or address to ask').fill('gallery')
    await desk.raw.getByLabel('Feeds, with commas').fill('en')
    await field.check()
    expect(await desk.barriers()).toEqual([])
    await button(desk, 'Make the partner').click()
    const row = desk.raw.locator('[data-partner="Studio 1"]')
    await row.getByText('On air', { exact: true }).waitFor()
    expect(await field.isChecked()).toBe(false)
    await confirmed(desk, row, 'Make a key')
    expect(await desk.raw.locator('[data-secret]').textContent()).toMatch(/^fo_/)
    await button(desk, 'I have it').click()
    await confirmed(desk, row, 'Delete')
    await row.waitFor({ state: 'detached' })
    expect(desk.faults).toEqual([])
  })

  it('lets a second admin, and only a second one, approve a wider policy', async () => {
    const desk = await deskAt(browser, service, 'bea@example.org', 'admin/feeds')
    await desk.raw.getByLabel('Feed to change').selectOption('en')
    await desk.raw.getByLabel('Who publishes alone, Routine').selectOption('nobody')
    await button(desk, 'Save the policy').click()
    await desk.raw.getByText('The policy is in force.').waitFor()
    await desk.raw.getByLabel('Who publishes alone, Routine').selectOption('reporter')
    await button(desk, 'Save the policy').click()
    await desk.raw.getByText('it waits for a second chief or admin').waitFor()
    await desk.raw.getByText('bea has asked for a wider policy').waitFor()
    expect(await desk.raw.getByRole('button', { name: 'Approve as the second person' }).count()).toBe(0)
    expect(await desk.barriers()).toEqual([])

    const second = await deskAt(browser, service, 'ann@example.org', 'admin/feeds')
    await second.raw.getByLabel('Feed to change').selectOption('en')
    const proposal = second.raw.locator('[data-policy-proposal]')
    await proposal.getByText('Routine lines will go out from every reporter').waitFor()
    await button(second, 'Approve as the second person').click()
    await second.raw.getByText('The policy is in force.').waitFor()
    expect(await second.raw.getByLabel('Who publishes alone, Routine').inputValue()).toBe('reporter')
    expect([...desk.faults, ...second.faults]).toEqual([])
  })

  it('creates a feed, and says in words what a change of its policy will mean', async () => {
    const desk = await deskAt(browser, service, 'bea@example.org', 'admin/feeds')
    await desk.raw.getByLabel('Id, in addresses').fill('city')
    await desk.raw.getByLabel('Title for readers').fill('City')
    await button(desk, 'Create the feed').click()
    await desk.raw.getByRole('heading', { name: 'Policy of City' }).waitFor()
    expect(await desk.barriers()).toEqual([])
    const alone = desk.raw.getByLabel('Who publishes alone, Flash')
    const going = desk.raw.locator('[data-retention-meaning]')
    await desk.raw.route('**/retention/preview?wordsDays=30', (route) =>
      route.fulfill({ json: { words: { before: '2026-06-01T00:00:00Z', count: 41, lines: [] } } }),
    )
    await desk.raw.getByLabel('Words of ended lines, days').fill('30')
    await going.getByText('the words of 41 archived lines that ended before').waitFor()
    expect(await desk.barriers()).toEqual([])
    await desk.raw.getByLabel('Words of ended lines, days').fill('')
    await going.waitFor({ state: 'detached' })
    await alone.selectOption('nobody')
    const meaning = desk.raw.locator('[data-policy-changes]')
    await meaning.getByText('Flashes will need a second person from now on').waitFor()
    await meaning.getByText('The two-person rule begins').waitFor()
    await desk.raw.getByLabel('A flash needs a second factor').selectOption('false')
    await meaning.getByText('without a second factor').waitFor()
    await button(desk, 'Save the policy').click()
    // The rule that a flash takes a second factor can be taken away only with one.
    await desk.raw.getByText('needs your second factor').waitFor()
    await desk.raw.getByLabel('A flash needs a second factor').selectOption('true')
    await button(desk, 'Save the policy').click()
    await desk.raw.getByText('The policy is in force.').waitFor()

    expect(desk.faults).toEqual([])
  })
})
