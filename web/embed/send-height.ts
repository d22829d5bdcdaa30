import { ASK_HEIGHT_MESSAGE, HEIGHT_MESSAGE } from '../../src/protocol/embed.ts'

/** Sends the height of the content to the embedding page only; heights above `maxPx` are not sent. */
export function sendHeight(content: HTMLElement, maxPx: number): void {
  if (parent === window) return
  let embedder = embeddingOrigin()
  const send = (): void => {
    const height = Math.ceil(content.getBoundingClientRect().height)
    if (embedder !== undefined && height <= maxPx)
      parent.postMessage({ type: HEIGHT_MESSAGE, height }, embedder)
  }
  new ResizeObserver(send).observe(content)
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== parent || !isHeightRequest(data)) return
    embedder = namedOrigin(origin) ?? embedder
    // The page around the frame makes it as high as its content.
    document.documentElement.dataset.grows = ''
    send()
  })
}

function isHeightRequest(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === ASK_HEIGHT_MESSAGE
}

/** The origin of the embedding page; undefined if the browser reveals it in neither way. */
function embeddingOrigin(): string | undefined {
  // Some browsers lack `ancestorOrigins`.
  const [nearest] =
    (location as { readonly ancestorOrigins?: ArrayLike<string> & Iterable<string> }).ancestorOrigins ?? []
  if (nearest !== undefined) return namedOrigin(nearest)
  return URL.canParse(document.referrer) ? namedOrigin(new URL(document.referrer).origin) : undefined
}

/** Undefined for a sandboxed page: its origin is "null", which cannot be the target of a message. */
function namedOrigin(origin: string): string | undefined {
  return origin === 'null' ? undefined : origin
}
