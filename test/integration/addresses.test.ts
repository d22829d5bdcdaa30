import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startApi, type TestApi } from '../support/api-server.ts'
import { DeskReader } from '../support/desk-reader.ts'
import { eventually } from '../support/eventually.ts'
import { newPerson, staffOf, type Person, type Staff } from '../support/newsroom.ts'

let api: TestApi
let staff: Staff
let id: string
beforeAll(async () => {
  api = await startApi()
  staff = await staffOf(api)
  id = (await staff.bob.write({ text: 'Bridge closed' })).body.headline.id
})
afterAll(() => api.close())

/** What a person gets of the headline: its record, the answer to an old version, and the frames of the desk. */
async function allOf(person: Person): Promise<string[]> {
  const record = await person.read(id)
  const stale = await person.act(id, 'correct', 7, { text: 'Bridge open' })
  const answers = [JSON.stringify(record.body), JSON.stringify(stale.body)]
  if (person === staff.rob) return answers
  expect(stale.body.code).toBe('stale-version')
  const desk = await DeskReader.open(`${api.url}/v1/feeds/en/desk`, person.key, { after: 0 })
  await eventually('entries', 20_000, () => desk.frames.some(({ type }) => type === 'audit'))
  desk.response.destroy()
  return [...answers, JSON.stringify(desk.frames)]
}

describe('the address from which a colleague has acted', () => {
  it.each(['rob', 'ann', 'cat'] as const)('is not shown to %s, who is less than a chief', async (name) => {
    for (const answer of await allOf(staff[name])) expect(answer).not.toMatch(/"ip"|127\.0\.0\.1/)
  })

  it.each(['dan', 'eve'] as const)('is shown to %s', async (name) => {
    for (const answer of await allOf(staff[name])) expect(answer).toContain('"ip"')
  })

  it('is shown to a chief in the feeds of that chief only', async () => {
    const chief = await newPerson(api, 'Elsewhere', { en: 'reader', ar: 'chief' })
    expect(JSON.stringify((await chief.read(id)).body)).not.toContain('"ip"')
  })
})
