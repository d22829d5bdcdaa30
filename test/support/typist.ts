import type { CDPSession, Locator, Page } from 'playwright-core'

/** The letters of the Arabic layout on the keys of the desk's commands. */
const arabicLetters: Readonly<Record<string, string>> = {
  KeyA: 'ش',
  KeyE: 'ث',
  KeyH: 'ا',
  KeyJ: 'ت',
  KeyK: 'ن',
  KeyN: 'ى',
  KeyP: 'ح',
  KeyR: 'ق',
  KeyU: 'ع',
  KeyW: 'ص',
  Slash: 'ظ',
}
export type Layout = 'Latin' | 'Arabic'

const CONTROL = 2
const MOST_STEPS = 300

/** A person who has no mouse. */
export class Typist {
  readonly #page: Page
  readonly #layout: Layout
  #session: Promise<CDPSession> | undefined

  constructor(page: Page, layout: Layout) {
    this.#page = page
    this.#layout = layout
  }

  /** Presses the key at this place of the keyboard, which an Arabic layout gives another letter. */
  async press(code: string): Promise<void> {
    const letter = arabicLetters[code]
    if (this.#layout === 'Latin' || letter === undefined) return this.#page.keyboard.press(code)
    await this.#send(code, letter, { text: letter })
  }

  async pressWithControl(code: string): Promise<void> {
    const letter = arabicLetters[code]
    if (this.#layout === 'Latin' || letter === undefined) return this.#page.keyboard.press(`Control+${code}`)
    await this.#page.keyboard.down('Control')
    await this.#send(code, letter, { modifiers: CONTROL })
    await this.#page.keyboard.up('Control')
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text)
  }

  /** Goes from field to field, forward or back, until this one has the keyboard. */
  async tabTo(wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await wanted.first().waitFor()
    const reached = wanted.and(this.#page.locator(':focus'))
    for (let step = 0; step < MOST_STEPS; step++) {
      if ((await reached.count()) > 0) return
      await this.#page.keyboard.press(key)
    }
    throw new Error(`${MOST_STEPS} steps do not lead to ${String(wanted)}`)
  }

  /** Goes through the lines until one with these words is selected. */
  async choose(words: string): Promise<void> {
    const chosen = this.#page.locator('.row-open[aria-expanded="true"]').filter({ hasText: words })
    for (let step = 0; step < MOST_STEPS; step++) {
      if ((await chosen.count()) > 0) return
      await this.press('KeyJ')
    }
    throw new Error(`no line with the words: ${words}`)
  }

  async #send(code: string, key: string, more: { text?: string; modifiers?: number }): Promise<void> {
    this.#session ??= this.#page.context().newCDPSession(this.#page)
    const session = await this.#session
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', code, key, ...more })
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', code, key, ...more, text: '' })
  }
}
