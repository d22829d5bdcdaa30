import { describe, expect, it } from '@jest/globals'
import { outputOnAir } from '../support/output-on-air.ts'
import { onStrip, withDeskFeeds } from '../support/with-desk-feeds.ts'

describe('outputs on air at the desk', () => {
  const newsroom = withDeskFeeds({ 'ann@example.org': 'editor' })

  it('shows in the receipt of a line when an output has shown it', async () => {
    const { service, feed } = newsroom
    const line = await service.post(feed, { text: 'Bridge closed' })
    const studio = await outputOnAir(service, 'Studio 1', feed)
    const now = Date.now()
    await studio.report(line, 'first', new Date(now - 60_000).toISOString())
    const ann = await newsroom.openFor('ann@example.org')
    const row = onStrip(ann, 'Bridge closed')
    await row.getByRole('button').click()
    const painted = row.locator('[data-paintings] li', { hasText: 'Studio 1' })
    await painted.getByText('no last frame reported').waitFor()
    expect(await ann.barriers()).toEqual([])
    const last = new Date(now).toISOString()
    await studio.report(line, 'last', last)
    await painted.locator(`[data-last="${last}"]`).waitFor()

    await row.locator(`a[href="#/archive/${line.id}"]`).click()
    await ann.raw.locator(`[data-painting="Studio 1"] [data-last="${last}"]`).waitFor()
    expect(await ann.barriers()).toEqual([])
    expect(ann.faults).toEqual([])
  })
})
