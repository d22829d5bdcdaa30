import express, { type Express } from 'express'

/** For every `Router`: a path is served only as it is written, so that a rule of a proxy for one path covers it. */
export const exactPaths = { caseSensitive: true, strict: true } as const

/** An Express app with the settings of the service. `trustProxy`: the number of proxies in front. */
export function createApp(trustProxy: number): Express {
  return express()
    .disable('x-powered-by')
    .disable('etag')
    .set('trust proxy', trustProxy)
    .enable('case sensitive routing')
    .enable('strict routing')
}
