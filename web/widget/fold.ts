import { element } from '../lines/element.ts'

// Loaded only when a reader hides a ticker.

/**
 * Shows only a button that brings a hidden ticker back.
 *
 * @param key where the session keeps that the ticker is hidden; undefined: the reader has not agreed
 */
export function fold(root: ShadowRoot, label: string, key: string | undefined, onShow: () => void): void {
  const button = element('button', { type: 'button', class: 'show', part: 'button show' }, label)
  button.addEventListener('click', () => {
    keep(key, '')
    onShow()
    root.querySelector<HTMLElement>('.hide')?.focus()
  })
  const hadFocus = root.activeElement !== null
  root.replaceChildren(element('div', { class: 'ticker' }, button))
  if (hadFocus) button.focus()
  keep(key, label)
}

function keep(key: string | undefined, label: string): void {
  if (key === undefined) return
  try {
    if (label) sessionStorage.setItem(key, label)
    else sessionStorage.removeItem(key)
  } catch {
    // Without a store, the ticker is hidden on this page only.
  }
}
