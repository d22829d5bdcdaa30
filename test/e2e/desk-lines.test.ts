import { describe, expect, it } from '@jest/globals'
import type { DeskPage } from '../support/desk-page.ts'
import { openPolicy } from '../support/redis.ts'
import { inGroup, onStrip, withDeskFeeds } from '../support/with-desk-feeds.ts'

const MINUTE_MS = 60_000

describe('lines on the desk', () => {
  const newsroom = withDeskFeeds({
    'rep@example.org': 'reporter',
    'ann@example.org': 'editor',
    'bob@example.org': 'editor',
  })
  const { openFor } = newsroom

  async function withUndoWindow(ms: number): Promise<void> {
    const headers = { Authorization: `Bearer ${newsroom.service.key}`, 'Content-Type': 'application/json' }
    const path = new URL(`/v1/feeds/${newsroom.feed}/policy`, newsroom.service.url)
    const etag = (await fetch(path, { headers })).headers.get('etag') ?? ''
    const policy = { ...openPolicy, undoMs: { flash: 0, bulletin: ms, urgent: ms, routine: ms } }
    const put = { method: 'PUT', headers: { ...headers, 'If-Match': etag }, body: JSON.stringify(policy) }
    expect((await fetch(path, put)).status).toBe(200)
  }

  it('shows the whole desk how long a line can be taken back, and takes it back by one key', async () => {
    await withUndoWindow(5 * MINUTE_MS)
    const [ann, bob, rep] = [
      await openFor('ann@example.org'),
      await openFor('bob@example.org'),
      await openFor('rep@example.org'),
    ]
    await ann.raw.getByLabel('Text').fill('Bridge closed until six')
    await ann.raw.keyboard.press('Control+Enter')
    const ring = (desk: DeskPage) =>
      inGroup(desk, 'outgoing', 'Bridge closed until six').getByText(/Goes out in \d+ seconds/)
    await Promise.all([ann, bob, rep].map((desk) => ring(desk).waitFor()))
    expect(await bob.barriers()).toEqual([])
    expect(await rep.raw.getByRole('button', { name: 'Undo' }).count()).toBe(0)
    expect(await bob.raw.getByRole('button', { name: 'Undo' }).count()).toBe(1)

    await ann.raw.keyboard.press('Escape')
    await ann.raw.keyboard.press('KeyU')
    await inGroup(ann, 'mine', 'Bridge closed until six').waitFor()
    await inGroup(bob, 'drafts', 'Bridge closed until six').waitFor()
    await ring(rep).waitFor({ state: 'detached' })
    expect([...ann.faults, ...bob.faults, ...rep.faults]).toEqual([])
  })

  it('takes back a line just sent by one key, also before the lists show it', async () => {
    await withUndoWindow(5 * MINUTE_MS)
    const { raw, faults } = await openFor('ann@example.org')
    await raw.getByLabel('Text').fill('Strike at the port')
    let goOn = (): void => undefined
    const away = new Promise<void>((resolve) => (goOn = resolve))
    await raw.route(/\/headlines(\?|\/[^/]+$)/, async (route) => {
      if (route.request().method() === 'GET') await away
      await route.continue()
    })
    await raw.keyboard.press('Control+Enter')
    await raw.locator('.receipts').getByText('Strike at the port').waitFor()
    const undone = raw.waitForResponse((answer) => answer.url().endsWith('/undo'))
    await raw.keyboard.press('Escape')
    await raw.keyboard.press('KeyU')
    expect((await undone).status()).toBe(200)
    goOn()
    await raw.locator('[data-group="mine"] .row').filter({ hasText: 'Strike at the port' }).waitFor()
    expect(faults).toEqual([])
  })

  it('keeps a scheduled line for another day out of reach of the undo key, until it is chosen', async () => {
    const releaseAt = new Date(Date.now() + 60 * MINUTE_MS).toISOString()
    await newsroom.service.post(newsroom.feed, { text: 'Budget at noon', releaseAt })
    const ann = await openFor('ann@example.org')
    const line = inGroup(ann, 'scheduled', 'Budget at noon')
    await line.waitFor()
    await ann.raw.keyboard.press('KeyU')
    await line.getByRole('button', { name: 'Budget at noon' }).click()
    await line.getByRole('button', { name: 'Undo' }).waitFor()
    expect(await ann.raw.locator('.receipts .row').count()).toBe(0)
    await ann.raw.keyboard.press('KeyU')
    await inGroup(ann, 'drafts', 'Budget at noon').waitFor()
  })

  it('edits, submits and rejects a line; a rejected line stays apart, and its author discards it', async () => {
    const [rep, bob] = [await openFor('rep@example.org'), await openFor('bob@example.org')]
    await rep.raw.getByLabel('Text').fill('Airport reopenz')
    await rep.raw.keyboard.press('Control+Enter')
    await inGroup(rep, 'submitted', 'Airport reopenz').waitFor()
    await inGroup(bob, 'approval', 'Airport reopenz').getByRole('button').click()
    expect(await bob.raw.title()).toMatch(/^\(1\) /)
    await bob.raw.getByRole('button', { name: 'Return' }).waitFor()
    await bob.raw.keyboard.press('KeyR')
    await bob.raw.keyboard.type('Spelling')
    await bob.raw.keyboard.press('Enter')

    await inGroup(rep, 'mine', 'Spelling').getByRole('button', { name: 'Airport reopenz' }).click()
    await rep.raw.getByRole('button', { name: 'Edit' }).waitFor()
    await rep.raw.keyboard.press('KeyE')
    await rep.raw.getByRole('form', { name: 'Edit this headline' }).waitFor()
    await rep.raw.getByLabel('Text').fill('Airport reopens')
    await rep.raw.getByRole('button', { name: 'Save', exact: true }).click()
    await rep.raw.getByRole('form', { name: 'New headline' }).waitFor()
    const saved = inGroup(rep, 'mine', 'Airport reopens')
    await saved.locator('button:enabled', { hasText: 'Submit for approval' }).waitFor()
    await rep.raw.keyboard.press('Escape')
    await rep.raw.keyboard.press('KeyS')

    const again = inGroup(bob, 'approval', 'Airport reopens')
    await again.locator('ins', { hasText: 'reopens' }).waitFor()
    await again.locator('del', { hasText: 'reopenz' }).waitFor()
    expect(await bob.barriers()).toEqual([])
    await bob.raw.keyboard.press('Shift+KeyR')
    await bob.raw.keyboard.type('Old news')
    await bob.raw.keyboard.press('Enter')
    const rejected = inGroup(rep, 'rejected', 'Old news')
    await rejected.getByText('Rejected').first().waitFor()
    expect(await rep.barriers()).toEqual([])
    await rejected.getByRole('button', { name: 'Discard' }).click()
    await rejected.getByRole('button', { name: 'Discard the line' }).waitFor()
    await rep.raw.keyboard.press('Enter')
    await rejected.waitFor({ state: 'detached' })
    expect([...rep.faults, ...bob.faults]).toEqual([])
  })

  it('shows the old text beside the new one where a correction waits', async () => {
    const headers = { Authorization: `Bearer ${newsroom.service.key}`, 'Content-Type': 'application/json' }
    const path = new URL(`/v1/feeds/${newsroom.feed}/policy`, newsroom.service.url)
    const etag = (await fetch(path, { headers })).headers.get('etag') ?? ''
    const alone = { flash: 'nobody', bulletin: 'nobody', urgent: 'nobody', routine: 'nobody' }
    const body = JSON.stringify({ ...openPolicy, alone })
    const line = await newsroom.service.post(newsroom.feed, { text: 'Three people hurt' })
    await fetch(path, { method: 'PUT', headers: { ...headers, 'If-Match': etag }, body })
    await newsroom.service.correct(newsroom.feed, line, {
      text: 'Four people hurt',
      note: 'The number was wrong.',
    })
    const bob = await openFor('bob@example.org')
    const row = inGroup(bob, 'approval', 'Four people hurt')
    await row.getByRole('button').click()
    await row.locator('del', { hasText: 'Three' }).waitFor()
    await row.locator('ins', { hasText: 'Four' }).waitFor()
    await onStrip(bob, 'Three people hurt').waitFor()
    await bob.raw.keyboard.press('KeyA')
    await onStrip(bob, 'Four people hurt').waitFor()
    expect(bob.faults).toEqual([])
  })

  it('asks once more before the approval of a flash, and quotes it', async () => {
    await newsroom.service.post(newsroom.feed, {
      text: 'Parliament dissolved',
      urgency: 'flash',
      then: 'submit',
    })
    await newsroom.service.post(newsroom.feed, { text: 'A line to count the readers' })
    const bob = await openFor('bob@example.org')
    await inGroup(bob, 'submitted', 'Parliament dissolved').waitFor()
    // Without a second factor nobody approves a flash: the feed gives up that rule.
    const headers = { Authorization: `Bearer ${newsroom.service.key}`, 'Content-Type': 'application/json' }
    const path = new URL(`/v1/feeds/${newsroom.feed}/policy`, newsroom.service.url)
    const etag = (await fetch(path, { headers })).headers.get('etag') ?? ''
    const body = JSON.stringify({ ...openPolicy, flashNeedsSecondFactor: false })
    await fetch(path, { method: 'PUT', headers: { ...headers, 'If-Match': etag }, body })
    await inGroup(bob, 'approval', 'Parliament dissolved').getByRole('button').click()
    await bob.raw.getByRole('button', { name: 'Approve' }).waitFor()
    await bob.raw.keyboard.press('KeyA')
    const dialog = bob.raw.getByRole('dialog', { name: 'Send this flash?' })
    await dialog.getByText('Parliament dissolved').waitFor()
    expect(await bob.barriers()).toEqual([])
    await bob.raw.keyboard.press('Enter')
    await onStrip(bob, 'Parliament dissolved').waitFor()
    expect(bob.faults).toEqual([])
  })

  it('keeps a failed act in red on its line, over a reload, and repeats it under its key', async () => {
    await newsroom.service.post(newsroom.feed, { text: 'Market falls' })
    const ann = await openFor('ann@example.org')
    const keys: (string | undefined)[] = []
    await ann.raw.route('**/headlines/*/hold', async (route) => {
      keys.push(route.request().headers()['idempotency-key'])
      if (keys.length > 1) return route.continue()
      await route.abort('connectionreset')
    })
    const line = onStrip(ann, 'Market falls')
    await line.getByRole('button').click()
    await line.getByRole('button', { name: 'Hold' }).click()
    await line.getByText('No answer came').waitFor()
    expect(await ann.barriers()).toEqual([])
    await ann.raw.reload()
    await line.getByText('No answer came').waitFor()
    await line.getByRole('button', { name: 'Try again' }).click()
    const held = inGroup(ann, 'held', 'Market falls')
    await held.locator('.line-result', { hasText: 'On hold' }).waitFor()
    await held.locator('.line-result', { hasText: 'screen' }).waitFor()
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
    expect(ann.faults).toEqual([])
  })

  it('withdraws a whole story, after it has shown the other lines', async () => {
    await newsroom.service.post(newsroom.feed, { text: 'Ship lost at sea', story: 'ship' })
    await newsroom.service.post(newsroom.feed, { text: 'Search for the ship', story: 'ship' })
    const ann = await openFor('ann@example.org')
    await onStrip(ann, 'Ship lost at sea').getByRole('button').click()
    await ann.raw.getByRole('button', { name: 'Withdraw' }).waitFor()
    await ann.raw.keyboard.press('KeyW')
    await ann.raw.locator('.story-lines').getByText('Search for the ship').waitFor()
    await ann.raw.getByLabel('Withdraw the other line of its story too').check()
    expect(await ann.barriers()).toEqual([])
    await ann.raw.getByRole('button', { name: 'Withdraw for good' }).click()
    await onStrip(ann, 'Search for the ship').waitFor({ state: 'detached' })
    await ann.raw.locator('.receipts').getByText(`${newsroom.feed}: withdrawn`).waitFor()
    expect(ann.faults).toEqual([])
  })

  it('draws only the rows near the window of a long list, and goes through it by keys', async () => {
    const lines = Array.from({ length: 230 }, (_, n) => ({ text: `Draft number ${n}`, then: 'keep' }))
    for (const line of lines) await newsroom.service.post(newsroom.feed, line)
    const ann = await openFor('ann@example.org')
    await ann.raw.getByText('Drafts of others (230)').waitFor()
    const rows = ann.raw.locator('[data-group="drafts"] .row')
    expect(await rows.count()).toBeLessThan(100)
    for (let n = 0; n < 60; n++) await ann.raw.keyboard.press('KeyJ')
    await inGroup(ann, 'drafts', 'Draft number 170').getByRole('button', { name: 'Edit' }).waitFor()
    await ann.raw.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    await inGroup(ann, 'drafts', 'Draft number 0').waitFor()
    expect(ann.faults).toEqual([])
  })
})
