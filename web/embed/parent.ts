import { ASK_HEIGHT_MESSAGE, HEIGHT_MESSAGE } from '../../src/protocol/embed.ts'

/** Pixels: what is less shows nothing, what is more would push the site's own content away. */
const LEAST_PX = 24
const MOST_PX = 2_000

/** Beside frames of Flashline: gives each the height that it tells. */
const script = document.currentScript
if (script instanceof HTMLScriptElement) followHeights(new URL(script.src).origin)

function followHeights(server: string): void {
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (origin !== server || source === null) return
    const frame = framesOf(server).find(({ contentWindow }) => contentWindow === source)
    const height = heightIn(data)
    if (frame && height !== undefined) frame.style.height = `${height}px`
  })
  // One that was there first has told its height to nobody.
  for (const frame of framesOf(server)) ask(frame)
  document.addEventListener(
    'load',
    ({ target }) => {
      if (target instanceof HTMLIFrameElement && framesOf(server).includes(target)) ask(target)
    },
    true,
  )
}

function framesOf(server: string): HTMLIFrameElement[] {
  return Array.from(document.querySelectorAll('iframe')).filter(({ src }) =>
    src.startsWith(`${server}/embed/`),
  )
}

/** There is nothing in the question that a page of somebody else may not know. */
function ask({ contentWindow }: HTMLIFrameElement): void {
  contentWindow?.postMessage({ type: ASK_HEIGHT_MESSAGE }, '*')
}

function heightIn(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { type, height } = data as { readonly type?: unknown; readonly height?: unknown }
  if (type !== HEIGHT_MESSAGE || typeof height !== 'number') return undefined
  return height >= LEAST_PX && height <= MOST_PX ? Math.ceil(height) : undefined
}
