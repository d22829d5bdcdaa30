/** What the gateway serves; PROTOCOL.md says what it answers. */
export const readerPaths = [
  '/v1/feeds',
  '/v1/feeds/{feed}',
  '/v1/feeds/{feed}/events',
  '/v1/feeds/{feed}/live',
  '/v1/feeds/{feed}/strip.html',
  '/embed',
  '/embed/{feed}',
  '/oembed',
] as const
