/** One request and its answer, as they went over the network. */
export interface Exchange {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly requestHeaders: Readonly<Record<string, string | string[] | undefined>>
  /** As the service has read it; undefined where it has read none. */
  readonly requestBody?: unknown
  readonly status: number
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** Undefined where it was not kept: a stream, or too much of it. */
  readonly body: string | undefined
}
