import type { BuiltService, Posted } from './built-service.ts'

const JSON_TYPE = { 'Content-Type': 'application/json' }

export interface OutputOnAir {
  readonly id: string
  /** Reports a frame of a line, as the graphic does. `at`: RFC 3339. */
  readonly report: (line: Posted, edge: 'first' | 'last', at: string) => Promise<void>
}

/** An output with a key for a feed, whose graphic was started once. */
export async function outputOnAir(
  { url, key: admin }: Pick<BuiltService, 'url' | 'key'>,
  name: string,
  feed: string,
): Promise<OutputOnAir> {
  async function post<Body>(path: string, key: string, body: object): Promise<Body> {
    const headers = { ...JSON_TYPE, Authorization: `Bearer ${key}` }
    const sent = { method: 'POST', headers, body: JSON.stringify(body) }
    const answer = await fetch(new URL(path, url), sent)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`POST ${path} was answered with ${answer.status}: ${text}`)
    return JSON.parse(text || '{}') as Body
  }
  const settings = { name, contact: 'gallery', feeds: [feed], onAir: true }
  const { id } = await post<{ id: string }>('/v1/partners', admin, settings)
  const { key } = await post<{ key: string }>(`/v1/partners/${id}/keys`, admin, {})
  return {
    id,
    async report({ id: headline, etag }, edge, at) {
      const painting = { headline, version: Number(etag.replaceAll('"', '')), edge, at }
      await post(`/v1/feeds/${feed}/as-run`, key, { session: '0123456789abcdef', paintings: [painting] })
    },
  }
}
