import { ASK_HEIGHT_MESSAGE, HEIGHT_MESSAGE } from '../../src/protocol/embed.ts'

/** Limits in pixels: below them a frame shows nothing, above them it would push the site's content away. */
const MIN_PX = 24
const MAX_PX = 2_000

/** Runs in the embedding page and gives each Flashline frame the height that the frame sends. */
const script = document.currentScript
if (script instanceof HTMLScriptElement) followHeights(new URL(script.src).origin)

function followHeights(server: string): void {
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    if (origin !== server || source === null) return
    const frame = framesOf(server).find(({ contentWindow }) => contentWindow === source)
    const height = heightIn(data)
    if (frame && height !== undefined) frame.style.height = `${height}px`
  })
  // A frame that was loaded before this script has sent its height in vain.
  for (const frame of framesOf(server)) requestHeight(frame)
  document.addEventListener(
    'load',
    ({ target }) => {
      if (target instanceof HTMLIFrameElement && framesOf(server).includes(target)) requestHeight(target)
    },
    true,
  )
}

function framesOf(server: string): HTMLIFrameElement[] {
  return Array.from(document.querySelectorAll('iframe')).filter(({ src }) =>
    src.startsWith(`${server}/embed/`),
  )
}

/** Asks a frame for its height. The message holds no secret, so every origin may receive it. */
function requestHeight({ contentWindow }: HTMLIFrameElement): void {
  contentWindow?.postMessage({ type: ASK_HEIGHT_MESSAGE }, '*')
}

function heightIn(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { type, height } = data as { readonly type?: unknown; readonly height?: unknown }
  if (type !== HEIGHT_MESSAGE || typeof height !== 'number') return undefined
  return height >= MIN_PX && height <= MAX_PX ? Math.ceil(height) : undefined
}
