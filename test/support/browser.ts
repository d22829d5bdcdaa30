import { Secret, TOTP } from 'otpauth'
import type { ReplyBody, RequestOptions, TestApi } from './api-server.ts'

export interface BrowserReply {
  readonly status: number
  readonly headers: Headers
  readonly body: ReplyBody
}

/** A browser with a page of the server: it keeps the cookies and knows the CSRF token of its session. */
export class Browser {
  readonly #url: string
  readonly #address: string
  readonly cookies = new Map<string, string>()
  csrfToken = ''

  constructor({ url }: Pick<TestApi, 'url'>, address = '198.51.100.1') {
    this.#url = url
    this.#address = address
  }

  get(path: string): Promise<BrowserReply> {
    return this.send(path)
  }

  post(path: string, body: unknown = {}): Promise<BrowserReply> {
    return this.send(path, { method: 'POST', body })
  }

  /** Approves the version that this person has read. */
  approve(path: string, version: number): Promise<BrowserReply> {
    return this.send(path, { method: 'POST', headers: { 'if-match': `"${version}"` } })
  }

  delete(path: string): Promise<BrowserReply> {
    return this.send(path, { method: 'DELETE' })
  }

  /** Empty headers are not sent. */
  async send(
    path: string,
    { method = 'GET', headers = {}, body }: RequestOptions = {},
  ): Promise<BrowserReply> {
    const all = {
      origin: this.#url,
      'sec-fetch-site': 'same-origin',
      'x-csrf-token': this.csrfToken,
      'x-forwarded-for': this.#address,
      cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    }
    const response = await fetch(new URL(path, this.#url), {
      method,
      redirect: 'manual',
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie)
    const text = await response.text()
    const read = text.startsWith('{') ? (JSON.parse(text) as ReplyBody) : ({} as ReplyBody)
    if (read.csrfToken) this.csrfToken = read.csrfToken
    return { status: response.status, headers: response.headers, body: read }
  }

  /** Adds a second factor, which the session then has. Returns its secret. */
  async addSecondFactor(): Promise<string> {
    const { secret } = (await this.post('/v1/account/second-factor', { password })).body
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
    await this.post('/v1/account/second-factor/confirm', { code })
    return secret
  }

  signIn(email: string, password: string): Promise<BrowserReply> {
    return this.post('/v1/session', { email, password })
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (/;\s*Max-Age=0/i.test(cookie)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

export const password = 'correct horse battery'

/** A browser in which a person has just accepted an invitation with these roles. */
export async function newcomer(
  api: TestApi,
  email: string,
  roles: Record<string, string> = { '*': 'reporter' },
  address?: string,
): Promise<Browser> {
  const invited = await api.post('/v1/invitations', { email, roles }, {}, api.keys.admin)
  const browser = new Browser(api, address)
  const { token } = invited.body
  const accepted = await browser.post('/v1/invitations/accept', { token, name: email, password })
  if (accepted.status !== 200)
    throw new Error(`${email}: ${invited.status}, ${accepted.status} ${accepted.body.code}`)
  return browser
}
