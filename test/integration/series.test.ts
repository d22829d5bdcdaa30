import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Archive } from '../../src/archive/archive.ts'
import { keepReceipts } from '../../src/eventlog/receipts.ts'
import type { TestApi } from '../support/api-server.ts'
import { moveAll } from '../support/archive/moved.ts'
import { withArchivedApi } from '../support/archive/with-archived-api.ts'

interface Step {
  readonly at: string
  readonly releases: number
  readonly flashes: number
  readonly corrections: number
  readonly withdrawals: number
  readonly readers: number | null
  readonly p50Ms: number | null
}

const HOUR_MS = 3_600_000
let archive: Archive
let api: TestApi
let away: { is: boolean }
withArchivedApi((opened) => ({ archive, api, away } = opened))

const from = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS).toISOString()
const to = new Date(Date.parse(from) + 3 * HOUR_MS).toISOString()
const read = (query: string, key = api.keys.editor) => api.request(`/v1/feeds/en/series?${query}`, { key })
const steps = async () =>
  ((await read(`from=${from}&to=${to}&step=3600`)).body as unknown as { steps: Step[] }).steps
const sum = (all: readonly Step[], of: 'releases' | 'flashes' | 'corrections' | 'withdrawals') =>
  all.reduce((total, step) => total + step[of], 0)

beforeAll(async () => {
  await api.post('/v1/feeds/en/headlines', { text: 'A flash', urgency: 'flash' }, {}, api.keys.admin)
  const { body } = await api.publish({ text: 'Bridge closed' })
  await api.act(body.headline.id, 'withdraw', {})
  const other = (await api.publish({ text: 'Market opens' })).body
  await api.act(other.headline.id, 'correct', { text: 'Market opens late' }, { 'if-match': '"1"' })
  const events = [{ position: other.position ?? '', times: [[5, 40] as const] }]
  await keepReceipts(api.store, 'en', { gateway: 'g1', number: 1, readers: 40, events })
  await keepReceipts(api.store, 'en', { gateway: 'g2', number: 1, readers: 2, events })
  await moveAll(api.store, archive)
})

describe('the series of a feed', () => {
  it('counts acts by step without gaps, and has readers and delay where there are receipts', async () => {
    const all = await steps()
    expect(all.map(({ at }) => at)).toEqual(
      [0, 1, 2].map((hour) => new Date(Date.parse(from) + hour * HOUR_MS).toISOString()),
    )
    expect([sum(all, 'releases'), sum(all, 'corrections'), sum(all, 'withdrawals')]).toEqual([3, 1, 1])
    const busy = all.filter(({ readers }) => readers !== null)
    expect(busy).toMatchObject([{ readers: 42, p50Ms: 5 }])
    expect(all[2]).toMatchObject({ releases: 0, readers: null, p50Ms: null })
  })

  it('counts flashes', async () => {
    expect(sum(await steps(), 'flashes')).toBe(1)
  })

  it('refuses ranges without order or bound, and readers', async () => {
    const refused = [
      `from=${to}&to=${from}&step=3600`,
      `from=${from}&to=${to}&step=1`,
      `from=2020-01-01T00:00:00Z&to=${to}&step=86400`,
      `from=2026-11-01T00:00:00Z&to=2026-11-30T00:00:00Z&step=60`,
    ]
    const statuses = await Promise.all(refused.map(async (query) => (await read(query)).status))
    expect(statuses).toEqual([400, 400, 400, 400])
    expect((await read(`from=${from}&to=${to}&step=60`, api.keys.reader)).status).toBe(403)
  })

  it('says so when the archive is away', async () => {
    away.is = true
    expect((await read(`from=${from}&to=${to}&step=3600`)).body.code).toBe('archive-away')
    away.is = false
  })
})
