import type { Page } from 'playwright-core'

/** A host of OGraf 1 graphics, written from the specification, whose frames the test counts. */
export const ografHost = `
<style>html, body { margin: 0; background: transparent }</style>
<script type="module">
  const waiting = new Map()
  let time = 0
  let last = 0
  const frames = {
    requestAnimationFrame: (callback) => (waiting.set(++last, callback), last),
    cancelAnimationFrame: (request) => void waiting.delete(request),
  }
  globalThis.shifts = 0
  new PerformanceObserver((list) => { shifts += list.getEntries().length }).observe({ type: 'layout-shift', buffered: true })
  globalThis.host = {
    frame() {
      time += 20
      const callbacks = [...waiting.values()]
      waiting.clear()
      for (const callback of callbacks) callback(time)
    },
    async load(address, data, renderCharacteristics) {
      const manifest = await (await fetch(address)).json()
      const { default: Graphic } = await import(new URL(manifest.main, address))
      const name = manifest.id + '-v' + manifest.version
      if (!customElements.get(name)) customElements.define(name, Graphic)
      const graphic = document.createElement(name)
      graphic.frames = frames
      document.body.append(graphic)
      globalThis.graphic = graphic
      return graphic.load({ data, renderType: 'realtime', ...(renderCharacteristics && { renderCharacteristics }) })
    },
    items: () => [...(graphic.shadowRoot.querySelectorAll('.belt .item'))],
  }
</script>`

/** The box of all pixels that are not wholly transparent, as a page without background has them; undefined: none. */
export interface PaintedBox {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Reads the pixels of pictures of another page, in a page of its own. */
export class PixelReader {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  async painted(page: Page): Promise<PaintedBox | undefined> {
    const found = await this.#read(
      await page.screenshot({ omitBackground: true }),
      `let left = width, top = height, right = -1, bottom = -1
       for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (data[4 * (y * width + x) + 3] > 0) {
         left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y)
       }
       return right < 0 ? null : { left, top, right, bottom }`,
    )
    return (found as PaintedBox | null) ?? undefined
  }

  /** The number of colours in a part of the page: 1 where nothing is written. */
  async colours(page: Page, clip: { x: number; y: number; width: number; height: number }): Promise<number> {
    const seen = `const colours = new Set()
      for (let n = 0; n < data.length; n += 4) colours.add(data.slice(n, n + 4).join())
      return colours.size`
    return (await this.#read(await page.screenshot({ omitBackground: true, clip }), seen)) as number
  }

  #read(picture: Buffer, body: string): Promise<unknown> {
    return this.#page.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob('${picture.toString('base64')}'), (letter) => letter.charCodeAt(0))
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const { width, height } = bitmap
      const context = new OffscreenCanvas(width, height).getContext('2d')
      context.drawImage(bitmap, 0, 0)
      const { data } = context.getImageData(0, 0, width, height)
      ${body}
    })()`)
  }
}
