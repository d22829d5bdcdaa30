import type { Response } from 'express'

const OF_ALL = /\b(public|s-maxage=\d+)\b,? */g

/**
 * Makes the answer one for its reader alone, whatever its route says: no cache between may give it to other readers. The
 * answer depends on a key or token, which not all caches take into account.
 */
export function keepPrivate(response: Response): void {
  response.vary('Authorization')
  const writeHead = response.writeHead.bind(response)
  response.writeHead = ((...head: Parameters<typeof writeHead>) => {
    const said = String(response.getHeader('Cache-Control') ?? '')
    if (!said.includes('no-store')) {
      const kept = said.replace(OF_ALL, '').replace(/, *$/, '')
      response.setHeader('Cache-Control', ['private', kept].filter(Boolean).join(', '))
    }
    return writeHead(...head)
  }) as typeof response.writeHead
}
