import { DrivenPage } from './driven-page.ts'
import FlashlineOnAir from './flashline-on-air.ts'

// The HTML template of CasparCG, and a page that OBS and mixers load from a file: the host calls global functions.

/** `settings.js` beside the page sets it. With `play: true` the page plays by itself. */
declare const flashlineOnAir: (Record<string, unknown> & { readonly play?: boolean }) | undefined

customElements.define('flashline-on-air', FlashlineOnAir)
const settings = typeof flashlineOnAir === 'object' ? flashlineOnAir : undefined
const page = new DrivenPage(new FlashlineOnAir(), 'template', settings ?? {})
if (settings?.play === true) page.play()

Object.assign(window, {
  play: () => page.play(),
  stop: () => page.stop(),
  next: () => page.next(),
  remove: () => page.remove(),
  update: (text: unknown) => page.update(text),
})
