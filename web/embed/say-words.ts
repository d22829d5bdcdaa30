import { english, type LineWords } from '../../src/protocol/line-words.ts'
import { lineWordsFor, translations } from '../../src/protocol/line-words-for.ts'
import { urgencies, type Urgency } from '../../src/protocol/lists/urgencies.ts'
import { element } from '../lines/element.ts'
import type { BuilderWords } from './builder-words.ts'

/** Puts the texts of the reader's language in the place of the English ones, and fills the lists of choices. */
export function sayWords(form: HTMLFormElement, words: BuilderWords): void {
  const texts: Readonly<Record<string, string>> = words
  document.documentElement.lang = words.lang
  document.documentElement.dir = words.dir
  document.title = `${words.title} · Flashline`
  form.ariaLabel = words.title
  for (const part of document.querySelectorAll<HTMLElement>('[data-say]'))
    part.textContent = texts[part.dataset.say ?? ''] ?? ''
  for (const part of document.querySelectorAll<HTMLElement>('[data-label]'))
    part.ariaLabel = texts[part.dataset.label ?? ''] ?? ''
  for (const field of form.querySelectorAll<HTMLInputElement>('[data-placeholder]'))
    field.placeholder = texts[field.dataset.placeholder ?? ''] ?? ''
  const { urgency } = lineWordsFor(words.lang)
  addOptions(form, 'urgency', urgencyOptions(urgency).slice(0, -1))
  addOptions(form, 'announce', urgencyOptions(urgency))
  addOptions(form, 'lang', [english, ...translations].map(languageOption))
}

/** Each urgency lets the more pressing ones pass, too. */
function urgencyOptions(words: LineWords['urgency']): HTMLOptionElement[] {
  const named = (last: Urgency): string =>
    urgencies
      .slice(0, urgencies.indexOf(last) + 1)
      .map((urgency) => words[urgency])
      .join(', ')
  return urgencies.map((urgency) => element('option', { value: urgency }, named(urgency)))
}

/** Languages call themselves by their own names. */
function languageOption({ lang, dir }: LineWords): HTMLOptionElement {
  const name = new Intl.DisplayNames(lang, { type: 'language' }).of(lang) ?? lang
  return element('option', { value: lang, lang, dir }, name)
}

function addOptions(form: HTMLFormElement, name: string, options: readonly HTMLOptionElement[]): void {
  const select = form.elements.namedItem(name)
  if (select instanceof HTMLSelectElement) select.append(...options)
}
