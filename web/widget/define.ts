import { FlashlineTicker } from './ticker-element.ts'

const NAME = 'flashline-ticker'

// A page may load the script twice.
if (!customElements.get(NAME)) {
  const script = document.currentScript as HTMLScriptElement | null
  FlashlineTicker.home = script ? new URL('..', script.src).href : location.origin
  customElements.define(NAME, FlashlineTicker)
}
