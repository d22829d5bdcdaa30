import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { projectRoot } from './cluster.ts'
import { notTheService } from './contract/other-servers.ts'

export interface TokenSite {
  readonly origin: string
  /** How often a page has asked for a token. */
  readonly asked: () => number
  readonly close: () => void
}

/** The site of a partner: its pages, the client library, and tokens at `/token`. */
export async function openTokenSite(
  pageAt: (path: string) => string,
  token: (origin: string) => Promise<string>,
): Promise<TokenSite> {
  let asked = 0
  const server = notTheService(
    createServer((request, response) => {
      void answer(request.url ?? '/').then(({ type, body }) =>
        response.writeHead(200, { 'Content-Type': type }).end(body),
      )
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A different host name of the same computer is a different origin.
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`

  async function answer(path: string): Promise<{ type: string; body: string | Buffer }> {
    if (path === '/token') {
      asked++
      return { type: 'application/json', body: JSON.stringify({ token: await token(origin) }) }
    }
    if (path.endsWith('.js')) {
      const body = await readFile(join(projectRoot, 'dist/web/sdk', basename(path)))
      return { type: 'text/javascript', body }
    }
    const head = '<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="data:,"><body>'
    return { type: 'text/html; charset=utf-8', body: head + pageAt(path) }
  }

  return {
    origin,
    asked: () => asked,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
