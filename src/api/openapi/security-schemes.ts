/** How a request shows whose it is, as OpenAPI writes it. */
export const securitySchemes = {
  key: { type: 'http', scheme: 'bearer', description: '`fl_<id>_<secret>`' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'flashline',
    description: 'Over https `__Host-flashline`. What changes something takes `X-CSRF-Token` too',
  },
  partnerKey: {
    type: 'http',
    scheme: 'bearer',
    description: '`fp_<partner>_<secret>`, `fo_<output>_<secret>`, or a token made with it',
  },
  partnerPassword: {
    type: 'http',
    scheme: 'basic',
    description: 'The key of a partner as the password, with any user name. For documents only',
  },
  partnerToken: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description: 'A token of a partner, for pages, which cannot send a header with each request',
  },
  metricsToken: { type: 'http', scheme: 'bearer', description: 'METRICS_TOKEN of the operator' },
} as const

/** The schemes of streams, as AsyncAPI writes them. */
export const streamSecuritySchemes = Object.fromEntries(
  Object.entries(securitySchemes)
    .filter(([name]) => name !== 'metricsToken' && name !== 'partnerPassword')
    .map(([name, scheme]) => [name, scheme.type === 'apiKey' ? { ...scheme, type: 'httpApiKey' } : scheme]),
)
