import { attributes } from './settings.ts'
import { followElement } from './follow-element.ts'

/** `<flashline-ticker feed="en">`: the newest lines of a feed, kept up to date over a connection. */
export class FlashlineTicker extends HTMLElement {
  static readonly observedAttributes = attributes
  /** URL of the server for tickers without `src`. */
  static home = ''

  readonly #changed = followElement(this, () => FlashlineTicker.home)

  connectedCallback(): void {
    this.#changed()
  }

  disconnectedCallback(): void {
    this.#changed()
  }

  attributeChangedCallback(): void {
    this.#changed()
  }
}
