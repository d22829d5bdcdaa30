import { describe, expect, it } from '@jest/globals'
import type { DeskPage } from '../support/desk-page.ts'
import { inGroup, onStrip, withDeskFeeds } from '../support/with-desk-feeds.ts'

/** The width of the page that does not fit into the window. */
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
const THUMB_PX = 44

describe('a newsroom at its desk', () => {
  const newsroom = withDeskFeeds({
    'ann@example.org': 'editor',
    'bob@example.org': 'editor',
    'cho@example.org': 'chief',
  })
  const { openFor } = newsroom

  it('names the colleague who has the same line open, writes for it, or has seen it', async () => {
    await newsroom.service.post(newsroom.feed, { text: 'Two people, one line', then: 'submit' })
    const [ann, bob] = [await openFor('ann@example.org'), await openFor('bob@example.org')]
    const row = (desk: DeskPage) => inGroup(desk, 'approval', 'Two people, one line')
    await row(ann).getByRole('button').click()
    await row(bob).getByText('ann has it open').waitFor()
    await ann.raw.getByRole('button', { name: 'Edit' }).click()
    await row(bob).getByText('ann is writing new words for it').waitFor()
    await row(bob).getByRole('button', { name: 'Two people, one line' }).click()
    await row(ann).getByText('bob has it open').waitFor()
    await bob.raw.getByRole('button', { name: 'Return' }).click()
    await row(ann).getByText('bob is about to act on it').waitFor()
    expect(await ann.barriers()).toEqual([])
    await bob.raw.keyboard.press('Escape')
    await row(bob).getByRole('button', { name: 'Two people, one line' }).click()
    await row(ann).getByText('Seen by bob').waitFor()
    expect([...ann.faults, ...bob.faults]).toEqual([])
  })

  it('names in the composer the colleague who writes for the same line, or is about to send it', async () => {
    await newsroom.service.post(newsroom.feed, {
      text: 'One flash, two pens',
      urgency: 'flash',
      then: 'keep',
    })
    const [ann, cho] = [await openFor('ann@example.org'), await openFor('cho@example.org')]
    for (const desk of [ann, cho]) {
      await inGroup(desk, 'drafts', 'One flash, two pens').getByRole('button').click()
      await desk.raw.getByRole('button', { name: 'Edit' }).click()
    }
    const composer = (desk: DeskPage) => desk.raw.locator('.composer-colleagues')
    await composer(ann).getByText('cho is writing new words for it').waitFor()
    await composer(cho).getByText('ann is writing new words for it').waitFor()
    await ann.raw.getByLabel('Text').press('Control+Enter')
    const question = (desk: DeskPage) => desk.raw.getByRole('dialog', { name: 'Send this flash?' })
    await question(ann).getByText('cho is writing new words for it').waitFor()
    await composer(cho).getByText('ann is about to act on it').waitFor()
    await cho.raw.getByLabel('Text').press('Control+Enter')
    await question(ann).getByText('cho is about to act on it').waitFor()
    expect(await ann.barriers()).toEqual([])
    await question(ann).getByRole('button', { name: 'Back' }).click()
    await question(cho).getByText('ann is writing new words for it').waitFor()
    expect([...ann.faults, ...cho.faults]).toEqual([])
  })

  it('lets a chief freeze and thaw the feed, and list all lines of a time before they are withdrawn', async () => {
    await newsroom.service.post(newsroom.feed, { text: 'Released by mistake' })
    await newsroom.service.post(newsroom.feed, { text: 'A second mistake' })
    const [ann, cho] = [await openFor('ann@example.org'), await openFor('cho@example.org')]
    expect(await ann.raw.getByRole('button', { name: 'Stop the feed' }).count()).toBe(0)
    await cho.raw.getByRole('button', { name: 'Stop the feed' }).click()
    const freeze = cho.raw.getByRole('form', { name: 'Freeze' })
    await freeze.getByLabel('Reason, for the audit').fill('A key is stolen')
    await freeze.getByRole('button', { name: 'Freeze the feed' }).click()
    await freeze.getByText('A key is stolen').waitFor()
    await ann.raw.getByText('The feed is frozen').waitFor()

    const retract = cho.raw.getByRole('form', { name: 'Withdraw all lines since a time' })
    await retract.getByLabel('Reason, for the audit').fill('All of this is wrong')
    await retract.getByRole('button', { name: 'List the lines first' }).click()
    await retract.getByText('2 lines:').waitFor()
    expect(await retract.getByText('would be withdrawn').count()).toBe(2)
    expect(await onStrip(ann, 'mistake').count()).toBe(2)
    expect(await cho.barriers()).toEqual([])
    await retract.getByRole('button', { name: 'Withdraw these 2 lines for good' }).click()
    await onStrip(ann, 'mistake').first().waitFor({ state: 'detached' })
    await retract.getByText('withdrawn', { exact: true }).first().waitFor()
    await freeze.getByRole('button', { name: 'Thaw the feed' }).click()
    await freeze.getByRole('button', { name: 'Freeze the feed' }).waitFor()
    expect([...ann.faults, ...cho.faults]).toEqual([])
  })

  it('approves, holds and withdraws on a phone, by targets for thumbs', async () => {
    await newsroom.service.post(newsroom.feed, { text: 'From the scene of the fire', then: 'submit' })
    const bob = await openFor('bob@example.org', {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    })
    await inGroup(bob, 'approval', 'From the scene').getByRole('button').tap()
    // The head wraps, so that the title of the feed can be read.
    const feed = await bob.raw.getByLabel('Feed', { exact: true }).boundingBox()
    expect(feed?.width).toBeGreaterThan(100)
    const approve = bob.raw.getByRole('button', { name: 'Approve' })
    expect((await approve.boundingBox())?.height).toBeGreaterThanOrEqual(THUMB_PX)
    expect(await bob.raw.evaluate(overflow)).toBe(0)
    await approve.tap()
    const live = onStrip(bob, 'From the scene')
    await live.getByRole('button', { name: 'Hold' }).tap()
    const held = inGroup(bob, 'held', 'From the scene')
    await held.getByRole('button', { name: 'Withdraw' }).tap()
    expect(await bob.barriers()).toEqual([])
    await bob.raw.getByRole('button', { name: 'Withdraw for good' }).tap()
    await held.waitFor({ state: 'detached' })
    await bob.raw.locator('.receipts').getByText('Withdrawn').waitFor()
    expect(await bob.raw.evaluate(overflow)).toBe(0)
    expect(bob.faults).toEqual([])
  })

  it('shows the readers and the figures of the newest line from the beginning', async () => {
    const bob = await openFor('bob@example.org')
    await bob.raw.getByText('Readers see no headline now').waitFor()
    await newsroom.service.post(newsroom.feed, { text: 'Out before the desk opens' })
    await onStrip(bob, 'Out before').waitFor()
    const ann = await openFor('ann@example.org')
    await ann.raw.locator('[data-receipt]').waitFor()
    await onStrip(ann, 'Out before').getByRole('button').click()
    await onStrip(ann, 'Out before')
      .getByText(/screens? in/)
      .waitFor()
    expect(ann.faults).toEqual([])
  })
})
