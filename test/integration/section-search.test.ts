import { beforeAll, expect, it } from '@jest/globals'
import type { Archive } from '../../src/archive/archive.ts'
import type { TestApi } from '../support/api-server.ts'
import { moveAll } from '../support/archive/moved.ts'
import { withArchivedApi } from '../support/archive/with-archived-api.ts'

let archive: Archive
let api: TestApi
withArchivedApi((opened) => ({ archive, api } = opened))

interface Page {
  readonly headlines: readonly { readonly id: string; readonly content: { readonly section?: string } }[]
  readonly next?: string
}

const archived: string[] = []
const present: string[] = []
beforeAll(async () => {
  for (let n = 0; n < 6; n++) {
    const { id } = (await api.publish({ text: `Old ${n}`, section: n % 2 ? 'city' : 'sport' })).body.headline
    await api.act(id, 'withdraw', {})
    if (n % 2) archived.unshift(id)
  }
  await moveAll(api.store, archive)
  // Many others stand between the two that fit.
  for (let n = 0; n < 210; n++) {
    const section = n === 3 || n === 205 ? { section: 'city' } : {}
    const { id } = (await api.publish({ text: `New ${n}`, ...section })).body.headline
    if (n === 3 || n === 205) present.unshift(id)
  }
})

/** All pages of a search. */
async function found(query: string): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = []
  let cursor = ''
  for (let pages = 1; ; pages++) {
    const path = `/v1/feeds/en/headlines?${query}${cursor}`
    const { headlines, next } = (await api.request(path, { key: api.keys.reader })).body as unknown as Page
    ids.push(...headlines.map(({ id }) => id))
    if (next === undefined) return { ids, pages }
    cursor = `&cursor=${next}`
  }
}

it('finds the headlines of a section, newest first, in Redis and in the archive, on pages of any length', async () => {
  const all = [...present, ...archived]
  expect(await found('section=city&limit=50')).toEqual({ ids: all, pages: 1 })
  expect(await found('section=city&limit=1')).toMatchObject({ ids: all })
  expect((await found('section=city&q=old')).ids).toEqual(archived)
  expect((await found('section=none')).ids).toEqual([])
})

it('follows a correction of the section, and an export has the same headlines', async () => {
  const [id = ''] = present
  await api.act(id, 'correct', { section: 'sport', kind: 'refile' }, { 'if-match': '"1"' })
  expect((await found('section=city')).ids).not.toContain(id)
  expect((await found('section=sport')).ids).toContain(id)
  const response = await fetch(`${api.url}/v1/feeds/en/headlines/export?format=ndjson&section=city`, {
    headers: { authorization: `Bearer ${api.keys.reader}` },
  })
  expect((await response.text()).trimEnd().split('\n')).toHaveLength(present.length - 1 + archived.length)
})
