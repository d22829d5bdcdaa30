import type { BuiltService, Posted } from './built-service.ts'

type At = Pick<BuiltService, 'url' | 'key'>

export interface OutputOnAir {
  /** Reports a frame of a line, as the graphic does. `at`: RFC 3339. */
  readonly report: (line: Posted, edge: 'first' | 'last', at: string) => Promise<void>
}

/** An output with a key for a feed, whose graphic was started once. */
export async function outputOnAir(service: At, name: string, feed: string): Promise<OutputOnAir> {
  const id = await makePartner(service, feed, { name, onAir: true })
  const { key } = await post<{ key: string }>(service, `/v1/partners/${id}/keys`, {})
  return {
    async report({ id: headline, etag }, edge, at) {
      const painting = { headline, version: Number(etag.replaceAll('"', '')), edge, at }
      const body = { session: '0123456789abcdef', paintings: [painting] }
      await post({ url: service.url, key }, `/v1/feeds/${feed}/as-run`, body)
    },
  }
}

/** A partner that may read the feed, without a key. Gives its id. */
export async function makePartner(service: At, feed: string, extra: object = {}): Promise<string> {
  const settings = { name: 'Acme', contact: 'desk@acme.example', feeds: [feed], ...extra }
  return (await post<{ id: string }>(service, '/v1/partners', settings)).id
}

async function post<Body>({ url, key }: At, path: string, body: object): Promise<Body> {
  const answer = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`POST ${path} was answered with ${answer.status}: ${text}`)
  return JSON.parse(text || '{}') as Body
}
