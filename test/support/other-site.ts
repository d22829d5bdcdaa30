import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { notTheService } from './contract/other-servers.ts'

/** A web site with its own origin; tests provide its pages. */
export interface OtherSite {
  readonly origin: string
  /** Adds a page and returns its URL. */
  readonly page: (body: string, headers?: Record<string, string>) => string
  readonly close: () => void
}

export async function openOtherSite(): Promise<OtherSite> {
  const pages = new Map<string, { body: string; headers: Record<string, string> }>()
  const server = createServer((request, response) => {
    const page = pages.get(request.url ?? '')
    response.writeHead(page ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8', ...page?.headers })
    response.end(page?.body)
  })
  notTheService(server).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    page(body, headers = {}) {
      const path = `/${pages.size}`
      const icon = '<link rel="icon" href="data:,">'
      pages.set(path, {
        body: `<!doctype html><meta charset="utf-8">${icon}<title>Site</title>${body}`,
        headers,
      })
      return `${origin}${path}`
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
