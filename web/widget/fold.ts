import { element } from '../lines/element.ts'

// Loaded only when a reader hides a ticker.

/** Shows only a button that brings a hidden ticker back. */
export function fold(root: ShadowRoot, label: string, onShow: () => void): void {
  const button = element('button', { type: 'button', class: 'show', part: 'button show' }, label)
  button.addEventListener('click', () => {
    onShow()
    root.querySelector<HTMLElement>('.hide')?.focus()
  })
  const hadFocus = root.activeElement !== null
  root.replaceChildren(element('div', { class: 'ticker' }, button))
  if (hadFocus) button.focus()
}
