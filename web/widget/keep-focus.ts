import type { Headline } from '../sdk/index.ts'

// Loaded only once the focus is in the lines.

/** Remembers where the focus is among the lines. The returned function is called when they have been drawn again. */
export type KeepFocus = (lines: readonly Headline[]) => () => void

export function keepFocus(root: ShadowRoot, list: HTMLElement, view: HTMLElement): KeepFocus {
  return (lines) => {
    const focused = root.activeElement
    const item = focused && list.contains(focused) ? focused.closest('li') : null
    const place = item ? [...list.children].indexOf(item) : -1
    return () => {
      if (!item || root.activeElement === focused) return
      // A strip that goes on by itself does not move the focus from link to link.
      const isTurned = !item.isConnected && lines.some(({ id }) => id === item.dataset.id)
      const items = [...list.children]
      const from = item.isConnected ? items.indexOf(item) : place
      // The line itself, else the next one with a link, else the one before; a notice has none.
      const links = [...items.slice(from), ...items.slice(0, from).reverse()].map((each) =>
        each.querySelector('a'),
      )
      const next = isTurned ? undefined : links.find((link) => link !== null)
      ;(next ?? view).focus({ preventScroll: true })
    }
  }
}
