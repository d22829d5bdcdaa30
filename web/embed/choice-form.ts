import type { FeedTitle } from '../../src/protocol/feed.ts'
import { element } from '../lines/element.ts'
import type { Choice, Faults } from './choice.ts'

const faultFields = ['feed', 'section', 'region', 'max'] as const

/** The editions to choose from; the one asked for, or else the first, is chosen. */
export function showFeeds(form: HTMLFormElement, feeds: readonly FeedTitle[], asked: string): void {
  const select = form.elements.namedItem('feed')
  if (!(select instanceof HTMLSelectElement)) return
  select.replaceChildren(
    ...feeds.map(({ id, title, lang, dir }) =>
      element('option', { value: id, lang, dir }, `${title} (${id})`),
    ),
  )
  if (feeds.some(({ id }) => id === asked)) select.value = asked
}

/** Puts a shared choice into the form. */
export function fillForm(form: HTMLFormElement, { way, pinned, settings }: Choice): void {
  const values = { ...settings, way, pinned: pinned ? '1' : '' }
  for (const [name, value] of Object.entries<string | number | undefined>(values)) {
    const field = form.elements.namedItem(name)
    if (field instanceof RadioNodeList || field instanceof HTMLSelectElement)
      field.value = String(value ?? '')
    else if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value !== ''
    else if (field instanceof HTMLInputElement) field.value = String(value ?? '')
  }
}

export function formSays(form: HTMLFormElement): URLSearchParams {
  const said = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') said.set(name, value)
  return said
}

/** Beside each field, in words; and for who does not see them. */
export function showFaults(form: HTMLFormElement, faults: Faults): void {
  for (const name of faultFields) {
    const said = document.getElementById(`${name}-fault`)
    const text = faults[name] ?? ''
    if (said && said.textContent !== text) said.textContent = text
    const field = form.elements.namedItem(name)
    if (field instanceof HTMLElement) field.setAttribute('aria-invalid', String(text !== ''))
  }
}
