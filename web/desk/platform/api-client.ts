/** An answer of the API, or the reason why there is none. */
export type Outcome<Body> =
  | { readonly kind: 'done'; readonly status: number; readonly body: Body }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** A refusal of the API (RFC 9457). The desk's own, with status 0: `offline`, nothing was sent; `no-answer`, it may have arrived. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly detail?: string
  readonly errors?: readonly FieldFault[]
  readonly match?: { readonly text: string }
  readonly maxGraphemes?: number
}

export interface FieldFault {
  /** As a JSON pointer: `/text`. */
  readonly field: string
  readonly message: string
  /** A character that may not stand in a text, with its place from 0. */
  readonly character?: string
  readonly position?: number
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The person who is signed in, as `/v1/session` answers. */
export interface Session {
  readonly person: string
  readonly name: string
  readonly email?: string
  readonly csrfToken: string
  readonly secondFactor: boolean
  readonly roles?: Readonly<Record<string, string>>
}

const ANSWER_LIMIT_MS = 15_000

/** Calls the API with the session's cookie and token. It never repeats a call by itself after a lost answer. */
export class ApiClient {
  /** Called when the API says that there is no session any more. */
  onSessionEnd: () => void = () => undefined
  #csrfToken = ''
  /** Sessions that this page has opened so far. */
  #sessions = 0

  /** Errors: none; a lost connection is an outcome. */
  async call<Body>(path: string, options: CallOptions = {}): Promise<Outcome<Body>> {
    const session = this.#sessions
    const outcome = await this.#send<Body>(path, options)
    if (outcome.kind === 'done') return outcome
    if (outcome.refusal.code === 'csrf-refused' && (await this.#readSession()))
      return this.#send(path, options)
    // A late answer about an earlier session does not end the one that was opened meanwhile.
    if (outcome.refusal.code === 'unauthenticated' && session === this.#sessions) this.onSessionEnd()
    return outcome
  }

  /** For queries. Errors: RefusedError. */
  async read<Body>(path: string): Promise<Body> {
    const outcome = await this.call<Body>(path)
    if (outcome.kind === 'done') return outcome.body
    throw new RefusedError(outcome.refusal)
  }

  /** A call that opens or reads a session; its token is used from then on. */
  async openSession(path: string, options: CallOptions = {}): Promise<Outcome<Session>> {
    const outcome = await this.#send<Session>(path, options)
    if (outcome.kind === 'done') {
      this.#csrfToken = outcome.body.csrfToken
      this.#sessions += 1
    }
    return outcome
  }

  /** Another tab has signed in meanwhile: the cookie is new, and so is its token. */
  async #readSession(): Promise<boolean> {
    return (await this.openSession('/v1/session')).kind === 'done'
  }

  async #send<Body>(
    path: string,
    { method = 'GET', body, headers = {} }: CallOptions,
  ): Promise<Outcome<Body>> {
    // Refused, not queued: a headline that waits for the network could go out when it is news no more.
    if (!navigator.onLine) return { kind: 'refused', refusal: { status: 0, code: 'offline' } }
    try {
      const answer = await fetch(path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
        headers: {
          Accept: 'application/json',
          ...(method !== 'GET' && { 'X-CSRF-Token': this.#csrfToken }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      const read: unknown = text === '' ? undefined : JSON.parse(text)
      if (answer.ok) return { kind: 'done', status: answer.status, body: read as Body }
      return { kind: 'refused', refusal: { code: 'unknown', ...(read as object), status: answer.status } }
    } catch {
      return { kind: 'refused', refusal: { status: 0, code: 'no-answer' } }
    }
  }
}

export class RefusedError extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}
