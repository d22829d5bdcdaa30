import type { Exchange } from './exchange.ts'

/** Hosts of services that run as processes of their own: only their clients see what they answer. */
const processes = new Set<string>()

export function isAProcess(url: string): void {
  processes.add(new URL(url).host)
}

/** Tells each answer that `fetch` gets from those. Gives the way to stop. */
export function watchFetch(tell: (exchange: Exchange) => void): () => void {
  const own = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const answer = await own(input, init)
    const request = new Request(input, { ...init, body: null, signal: null })
    const { host, pathname, search } = new URL(request.url)
    const type = answer.headers.get('content-type') ?? ''
    if (processes.has(host) && !answer.redirected && !type.startsWith('text/event-stream'))
      answer
        .clone()
        .text()
        .then(
          (body) => {
            tell({
              method: request.method,
              target: `${pathname}${search}`,
              requestHeaders: Object.fromEntries(request.headers),
              requestBody: typeof init?.body === 'string' ? jsonOf(init.body) : undefined,
              status: answer.status,
              headers: new Map(answer.headers),
              body,
            })
          },
          () => {
            // Cut off: it was no whole answer.
          },
        )
    return answer
  }
  return () => {
    globalThis.fetch = own
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
