import type { Environment, RequestOptions } from './environment.ts'

const UNAUTHORIZED = 401

/**
 * The environment of one connection, whose requests have a token in `Authorization`: an address would stand in the logs of
 * proxies. Polls go on for longer than a token lives, so a refused one is repeated with a new token. Errors: those of
 * the page's function for tokens.
 */
export async function withToken(environment: Environment): Promise<Environment> {
  const { token, fetch } = environment
  if (!token) return environment
  const newToken = (): unknown => (typeof token === 'function' ? token() : token)
  let held = await newToken()
  let isUsed = false
  const ask = (url: string, init: RequestOptions) =>
    fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${String(held)}` } })
  return {
    ...environment,
    async fetch(url, init) {
      const answer = await ask(url, init)
      if (answer.status !== UNAUTHORIZED || !isUsed) {
        isUsed = true
        return answer
      }
      isUsed = false
      held = await newToken()
      return ask(url, init)
    },
  }
}
