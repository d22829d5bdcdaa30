import { DEFAULT_TICKER_LINES } from '../../src/protocol/embed.ts'
import type { FeedTitle } from '../../src/protocol/feed.ts'
import { element } from '../lines/element.ts'
import { mostLines, type Choice, type Faults, type Way } from './choice.ts'

const faultFields = ['feed', 'section', 'region', 'max', 'notices'] as const

/** Fills the list of feeds and selects the requested one, or else the first. */
export function showFeeds(form: HTMLFormElement, feeds: readonly FeedTitle[], requested: string): void {
  const select = form.elements.namedItem('feed')
  if (!(select instanceof HTMLSelectElement)) return
  select.replaceChildren(
    ...feeds.map(({ id, title, lang, dir }) =>
      element('option', { value: id, lang, dir }, `${title} (${id})`),
    ),
  )
  if (feeds.some(({ id }) => id === requested)) select.value = requested
}

/** Puts a shared choice into the form. */
export function fillForm(form: HTMLFormElement, { way, pinned, settings, elementOnly }: Choice): void {
  const set = Object.entries(elementOnly).map(([name, value]): [string, string] => [
    name,
    value === '' ? '1' : value,
  ])
  const values = { ...settings, ...Object.fromEntries(set), way, pinned: pinned ? '1' : '' }
  for (const [name, value] of Object.entries<string | number | undefined>(values)) {
    const field = form.elements.namedItem(name)
    if (field instanceof RadioNodeList || field instanceof HTMLSelectElement)
      field.value = String(value ?? '')
    else if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value !== ''
    else if (field instanceof HTMLInputElement) field.value = String(value ?? '')
  }
}

/** Tells the field of the number of headlines its bounds and its usual value, which differ by way. */
export function boundLines(form: HTMLFormElement, way: Way, all: string): void {
  const field = form.elements.namedItem('max')
  if (!(field instanceof HTMLInputElement)) return
  field.max = String(mostLines(way))
  field.placeholder = way === 'include' ? all : String(DEFAULT_TICKER_LINES)
}

export function formValues(form: HTMLFormElement): URLSearchParams {
  const values = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') values.set(name, value)
  return values
}

/** Shows each fault beside its field, and marks the field as invalid for screen readers. */
export function showFaults(form: HTMLFormElement, faults: Faults): void {
  for (const name of faultFields) {
    const faultText = document.getElementById(`${name}-fault`)
    const text = faults[name] ?? ''
    if (faultText && faultText.textContent !== text) faultText.textContent = text
    const field = form.elements.namedItem(name)
    if (field instanceof HTMLElement) field.setAttribute('aria-invalid', String(text !== ''))
  }
}
