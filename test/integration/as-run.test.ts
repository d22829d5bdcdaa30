import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../support/eventually.ts'
import { bearer, partnersOn, type TestPartner } from '../support/partners.ts'
import { startSystem, type System } from '../support/system.ts'

const SESSION = '0123456789abcdef'

let system: System
let studio: TestPartner
let acme: TestPartner
beforeAll(async () => {
  system = await startSystem()
  const partners = partnersOn(system)
  await system.createFeed({ id: 'wire', lang: 'en', visibility: 'partners' })
  studio = await partners.make(['en'], { name: 'Studio 1', onAir: true })
  acme = await partners.make(['en'])
})
afterAll(() => system.close())

const report = (key: string, paintings: readonly object[], feed = 'en', session = SESSION) =>
  fetch(`${system.url}/v1/feeds/${feed}/as-run`, {
    method: 'POST',
    headers: { ...bearer(key), 'Content-Type': 'application/json', Origin: 'null' },
    body: JSON.stringify({ session, paintings }),
  })

const asRun = async (at: string, headers: Record<string, string> = system.authorization) => {
  const answer = await fetch(`${system.url}/v1/feeds/en/as-run?at=${encodeURIComponent(at)}`, { headers })
  const text = await answer.text()
  const lines = answer.ok ? text.split('\n').filter(Boolean) : []
  return { status: answer.status, lines: lines.map((line) => JSON.parse(line) as { text: string }) }
}

describe('the as-run of outputs on air', () => {
  it('says which words were on which output at a moment, also words that were withdrawn', async () => {
    const [event] = await system.publish('en', ['On air for a minute'])
    const { id: headline, version } = event!.headline
    const at = (seconds: number) => new Date(Date.parse(event!.at) + seconds * 1_000).toISOString()
    const first = { headline, version, edge: 'first', at: at(1) }
    const answer = await report(studio.key, [first])
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    await system.withdraw('en', event!.headline)
    await report(studio.key, [{ headline, version, edge: 'last', at: at(60) }])
    // A report whose answer was lost comes again.
    await report(studio.key, [first])

    const painting = { output: studio.id, name: 'Studio 1', headline, version, first: at(1), last: at(60) }
    expect((await asRun(at(30))).lines).toEqual([{ ...painting, text: 'On air for a minute' }])
    expect([(await asRun(at(0))).lines, (await asRun(at(61))).lines]).toEqual([[], []])

    const receipt = await system.get<{ onAir: object[] }>(
      `/v1/feeds/en/headlines/${headline}/receipt`,
      system.authorization,
    )
    expect(receipt.body.onAir).toEqual([painting])
  })

  it('takes reports of outputs only, for feeds of theirs', async () => {
    const [event] = await system.publish('en', 1)
    const painting = { headline: event!.headline.id, version: 1, edge: 'first', at: event!.at }
    const statusOf = async (...given: Parameters<typeof report>) => (await report(...given)).status
    expect(await statusOf(acme.key, [painting])).toBe(401)
    expect(await statusOf(`${studio.key.slice(0, -1)}_`, [painting])).toBe(401)
    expect(await statusOf(studio.key, [painting], 'wire')).toBe(404)
    expect(await statusOf(studio.key, [painting], 'nowhere')).toBe(404)
    expect(await statusOf(studio.key, [])).toBe(422)
    expect(await statusOf(studio.key, [{ ...painting, edge: 'middle' }])).toBe(422)
    expect(await statusOf(studio.key, [painting])).toBe(204)
  })

  it('says what is in the picture of each output now, and counts partners apart', async () => {
    const outputs = async () => {
      const path = '/v1/feeds/wire/outputs'
      const { body } = await system.get<{ onAir: object[]; partners: object }>(path, system.authorization)
      return body
    }
    const partners = partnersOn(system)
    const crawl = await partners.make(['wire'], { name: 'Crawl', onAir: true })
    await partners.make(['wire'])
    const strap = await partners.make(['*'], { name: 'Strap', onAir: true })
    const shown = { output: crawl.id, name: 'Crawl' }
    const silent = { output: strap.id, name: 'Strap', picture: [] }
    const read = { count: 1, requests: 0, connections: 0 }
    expect(await outputs()).toEqual({ onAir: [{ ...shown, picture: [] }, silent], partners: read })

    const [one, other] = await system.publish('wire', 2)
    const first = one!.at
    for (const { headline } of [one!, other!])
      await report(crawl.key, [{ headline: headline.id, version: 1, edge: 'first', at: first }], 'wire')
    const lastReportAt = expect.any(String)
    const wordsOf = (events: readonly { headline: { id: string } }[]) =>
      events.map(({ headline }) => ({ headline: headline.id, version: 1, first }))
    const both = { ...shown, lastReportAt, picture: wordsOf([one!, other!]) }
    expect((await outputs()).onAir).toEqual([both, silent])

    const gone = { headline: one!.headline.id, version: 1, edge: 'last', at: first }
    await report(crawl.key, [gone], 'wire')
    expect((await outputs()).onAir).toEqual([{ ...both, picture: wordsOf([other!]) }, silent])

    // The graphic starts anew: words that it painted before are in no picture.
    const again = { headline: one!.headline.id, version: 1, edge: 'first', at: new Date().toISOString() }
    await report(crawl.key, [again], 'wire', 'fedcba9876543210')
    const [now] = (await outputs()).onAir as { picture: { headline: string }[] }[]
    expect(now?.picture.map(({ headline }) => headline)).toEqual([one!.headline.id])
  })

  it('is for the newsroom only', async () => {
    const now = new Date().toISOString()
    expect((await asRun(now, {})).status).toBe(401)
    expect((await asRun(now, bearer(studio.key))).status).toBe(401)
    expect((await asRun(now)).status).toBe(200)
    expect((await asRun('yesterday')).status).toBe(400)
  })

  it('lets a page without an origin ask whether it may report', async () => {
    const answer = await fetch(`${system.url}/v1/feeds/en/as-run`, {
      method: 'OPTIONS',
      headers: { Origin: 'null', 'Access-Control-Request-Method': 'POST' },
    })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type')
  })

  it('leaves the audit whole', async () => {
    const audit = await eventually('the entry is there', 10_000, async () => {
      const { body } = await system.get<{ entries: { action: string; act: { by: string } }[] }>(
        '/v1/feeds/en/audit',
        system.authorization,
      )
      return body.entries.find(({ action }) => action === 'on-air')
    })
    expect(audit.act.by).toBe(`output:${studio.id}`)
  })
})
