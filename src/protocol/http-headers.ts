/** Headers of requests that a route reads. `Accept`, `Authorization` and `Content-Type` have places of their own. */
export const requestHeaders = {
  'If-Match': {
    description: '`ETag` of the version that you saw',
    example: '"1"',
  },
  'If-None-Match': {
    description: '`ETag` of the answer that you hold: 304 while nothing has changed',
    example: '"nwptmvve:3"',
  },
  'If-Modified-Since': {
    description: '`Last-Modified` of the answer that you hold; counts only without `If-None-Match`',
    example: 'Mon, 05 Oct 2026 12:00:00 GMT',
  },
  'Idempotency-Key': {
    description: '1 to 200 printable characters; the same request within 24 h takes effect once',
    example: 'desk-7-0001',
  },
  'Last-Event-ID': {
    description: 'Where a browser resumes a stream by itself; `after` in the address wins over it',
    example: 'nwptmvve:3',
  },
  'X-CSRF-Token': {
    description: '`csrfToken` of the session. Needed with its cookie, not with a key',
    example: 'Zm9yIHRoaXMgc2Vzc2lvbiBvbmx5',
  },
} as const
export type RequestHeader = keyof typeof requestHeaders

/** Headers of answers, beside those that HTTP itself needs and those that tell browsers what to forbid. */
export const answerHeaders = {
  'Access-Control-Allow-Origin': {
    description:
      'The `Origin` of the request, where it has one, or `*`. A page of another site reads only from an origin that the operator allows, or the partner’s settings',
  },
  'Access-Control-Allow-Headers': {
    description: 'Headers that a page of another site may send',
    example: 'Authorization, Cache-Control, If-None-Match, Last-Event-ID',
  },
  'Access-Control-Allow-Methods': {
    description: 'Methods that a page of another site may use',
    example: 'GET, HEAD',
  },
  'Access-Control-Max-Age': {
    description: 'Seconds for which a browser keeps the permission',
    example: '7200',
  },
  'Access-Control-Expose-Headers': {
    description: 'Headers that a page of another site may read, with an `Origin`',
    example: 'ETag, Retry-After',
  },
  Allow: { description: 'Methods that are served at this address', example: 'GET, HEAD' },
  'Cache-Control': { description: 'Whether and for how long a cache may keep the answer', always: true },
  ETag: { description: 'The version of what is shown', example: '"1"', always: true },
  'Flashline-Durability': {
    description: 'How surely Redis keeps what is accepted: `always`, `everysec`, `no` or `unknown`',
    example: 'always',
    always: true,
  },
  'Idempotency-Replayed': {
    description: '`true`: the request had been accepted before, and is answered as the first time',
    example: 'true',
  },
  'Content-Encoding': { description: '`br`, `zstd` or `gzip`, as the request takes it', example: 'br' },
  Link: {
    description: 'The same feed in other formats (`alternate`); the licence in RSL (`license`)',
    example: '<https://news.example/license.xml>; rel="license"; type="application/rsl+xml"',
  },
  Location: { description: 'Address of what was made, or of where to go on', always: true },
  RateLimit: {
    description:
      'Requests that are left, and seconds until there are more. As draft-ietf-httpapi-ratelimit-headers has it, which is a draft: it may change',
    example: '"requests-per-key"; r=570; t=26',
  },
  'RateLimit-Policy': {
    description: 'Requests in a window, and its seconds. The header is from the same draft as `RateLimit`',
    example: '"requests-per-key"; q=600; w=60; pk=:MzMzYzA0ZGQxNTFh:',
  },
  'Retry-After': { description: 'Seconds after which a try makes sense', example: '1', always: true },
  'Set-Cookie': { description: 'The session, or the end of it' },
  Upgrade: { description: 'The protocol of this address', example: 'websocket', always: true },
  Vary: { description: 'Which headers of the request the answer depends on', example: 'Origin' },
  'WWW-Authenticate': {
    description: 'How to sign a request',
    example: 'Bearer realm="flashline"',
  },
  'X-Request-Id': {
    description: 'Names this request; tell it when you report a fault',
    example: '8ZN_BiJOmuQQzCdj',
    always: true,
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly description: string
      readonly example?: string
      /** It comes with each answer that has it. */
      readonly always?: true
    }
  >
>
export type AnswerHeader = keyof typeof answerHeaders
