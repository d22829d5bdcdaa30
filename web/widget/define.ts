import { FlashlineTicker } from './flashline-ticker.ts'

/** The address of this script; the build puts it here. */
declare const SCRIPT_URL: string

const NAME = 'flashline-ticker'

// A page may load the script twice.
if (!customElements.get(NAME)) {
  FlashlineTicker.home = new URL('..', SCRIPT_URL).href
  customElements.define(NAME, FlashlineTicker)
}
