import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Archive } from '../../src/archive/archive.ts'
import type { TestApi } from '../support/api-server.ts'
import { moveAll } from '../support/archive/moved.ts'
import { withArchivedApi } from '../support/archive/with-archived-api.ts'

const texts = [
  '=HYPERLINK("http://x.example")',
  '+1 for the bridge',
  '-5 degrees',
  '@desk, look',
  'He said "no", then left',
  'جسر مغلق',
]
let archive: Archive
let api: TestApi
let away: { is: boolean }
withArchivedApi((opened) => ({ archive, api, away } = opened))

const ids: string[] = []
beforeAll(async () => {
  for (const [n, text] of texts.entries()) {
    const { id } = (await api.publish({ text, regions: ['north', 'south'] })).body.headline
    ids.unshift(id)
    if (n % 2 === 0) await api.act(id, 'withdraw', {})
  }
  await moveAll(api.store, archive)
})

async function exported(query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${api.url}/v1/feeds/en/headlines/export?${query}`, {
    headers: { authorization: `Bearer ${api.keys.reader}`, ...headers },
  })
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}

describe('an export', () => {
  it('has the headlines of Redis and of the archive as NDJSON, newest first, as the list shows them', async () => {
    const { bytes, headers } = await exported('format=ndjson')
    const lines = bytes
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string })

    expect(headers.get('content-disposition')).toBe('attachment; filename="en.ndjson"')
    expect(lines.map(({ id }) => id)).toEqual(ids)
    const list = await api.request('/v1/feeds/en/headlines?limit=100', { key: api.keys.reader })
    expect(lines).toEqual((list.body as unknown as { headlines: object[] }).headlines)
  })

  it('has no cell that a spreadsheet runs', async () => {
    const text = (await exported('format=csv')).bytes.toString()
    const rows = text.split('\r\n')

    expect(rows).toHaveLength(texts.length + 2)
    expect(rows[0]).toMatch(/^id,status,version,.*,text,/)
    for (const cell of [
      `"'=HYPERLINK(""http://x.example"")"`,
      `'+1 for the bridge`,
      `'-5 degrees`,
      `"'@desk, look"`,
    ])
      expect(text).toContain(`,${cell},`)
    expect(text).toContain(',"He said ""no"", then left",')
    expect(text).toContain(',جسر مغلق,')
    expect(text).toContain(',north south,')
    expect(text).not.toMatch(/(^|,)"?[=+\-@]/m)
  })

  it('begins with a byte-order mark only if that is asked for', async () => {
    const mark = Buffer.from([0xef, 0xbb, 0xbf])
    expect((await exported('format=csv')).bytes.subarray(0, 3)).not.toEqual(mark)
    expect((await exported('format=csv&bom=true')).bytes.subarray(0, 3)).toEqual(mark)
  })

  it('takes the conditions of the list, and may be empty', async () => {
    const { bytes } = await exported('format=ndjson&status=withdrawn&q=degrees')
    expect(bytes.toString()).toContain('-5 degrees')
    expect(bytes.toString().trimEnd().split('\n')).toHaveLength(1)
    expect((await exported('format=ndjson&q=nothing')).bytes).toHaveLength(0)
  })

  it('is refused while the archive is away, rather than cut short', async () => {
    away.is = true
    const { status, bytes } = await exported('format=csv')
    away.is = false
    expect(status).toBe(503)
    expect(bytes.toString()).toContain('archive-away')
  })

  it('names a wrong parameter', async () => {
    expect((await exported('format=xls')).status).toBe(400)
    expect((await exported('format=csv&limit=3')).status).toBe(400)
  })
})
