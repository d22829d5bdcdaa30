import type { System } from './system.ts'

export interface TestPartner {
  readonly id: string
  /** Its first key, and the id of that key. */
  readonly key: string
  readonly keyId: string
}

/** Calls of an admin about partners, and of partners' servers, over HTTP. */
export function partnersOn(system: System) {
  async function call<Body>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ) {
    const answer = await fetch(`${system.url}${path}`, {
      method,
      headers: { ...system.authorization, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text || '{}') as Body
  }
  interface Stored {
    readonly id: string
    readonly version: number
  }
  const settings = { name: 'Acme', contact: 'desk@acme.example' }
  return {
    async make(feeds: readonly string[], extra: object = {}): Promise<TestPartner> {
      const { id } = await call<Stored>('POST', '/v1/partners', { ...settings, feeds, ...extra })
      const { key, id: keyId } = await call<Stored & { key: string }>('POST', `/v1/partners/${id}/keys`, {})
      return { id, key, keyId }
    },
    async change({ id }: TestPartner, feeds: readonly string[], extra: object = {}): Promise<void> {
      const { version } = await call<Stored>('GET', `/v1/partners/${id}`)
      const body = { ...settings, feeds, ...extra }
      await call('PUT', `/v1/partners/${id}`, body, { 'If-Match': `"${version}"` })
    },
    async rotate({ id }: TestPartner, overlapS: number): Promise<TestPartner> {
      const issued = await call<Stored & { key: string }>('POST', `/v1/partners/${id}/rotate`, { overlapS })
      return { id, key: issued.key, keyId: issued.id }
    },
    revoke: ({ id, keyId }: TestPartner) => call('DELETE', `/v1/partners/${id}/keys/${keyId}`),
    remove: ({ id }: TestPartner) => call('DELETE', `/v1/partners/${id}`),
    usage: ({ id }: TestPartner) =>
      call<{ total: { requests: number; connections: number; deliveries: number; bytes: number } }>(
        'GET',
        `/v1/partners/${id}/usage`,
      ),
    async token({ key }: TestPartner, body: object = {}): Promise<string> {
      const headers = bearer(key)
      return (await call<{ token: string }>('POST', '/v1/partner-tokens', body, headers)).token
    },
  }
}

export function bearer(credential: string): Record<string, string> {
  return { Authorization: `Bearer ${credential}` }
}
