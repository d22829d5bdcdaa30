import { ASK_HEIGHT_MESSAGE, HEIGHT_MESSAGE } from '../../src/protocol/embed.ts'

/** Tells the page around this one how high the content is, and nobody else; more than `most` pixels are not told. */
export function tellHeight(content: HTMLElement, most: number): void {
  if (parent === window) return
  let embedder = originAround()
  const tell = (): void => {
    const height = Math.ceil(content.getBoundingClientRect().height)
    if (embedder !== undefined && height <= most)
      parent.postMessage({ type: HEIGHT_MESSAGE, height }, embedder)
  }
  new ResizeObserver(tell).observe(content)
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== parent || !isAsking(data)) return
    embedder = named(origin) ?? embedder
    tell()
  })
}

function isAsking(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === ASK_HEIGHT_MESSAGE
}

/** Undefined where the browser tells neither. */
function originAround(): string | undefined {
  // Not every browser has it.
  const [nearest] =
    (location as { readonly ancestorOrigins?: ArrayLike<string> & Iterable<string> }).ancestorOrigins ?? []
  if (nearest !== undefined) return named(nearest)
  return URL.canParse(document.referrer) ? named(new URL(document.referrer).origin) : undefined
}

/** A page in a sandbox has no origin by which it could be addressed. */
function named(origin: string): string | undefined {
  return origin === 'null' ? undefined : origin
}
