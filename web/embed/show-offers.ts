import { element } from '../lines/element.ts'
import type { FeedFacts } from './feed-facts.ts'

const names = ['section', 'region'] as const

/** Offers the slugs of a feed as buttons, which put a slug into the field or take it out. */
export function showOffers(form: HTMLFormElement, facts: FeedFacts | undefined): void {
  for (const name of names) {
    const field = form.elements.namedItem(name)
    const box = document.getElementById(`${name}-offers`)
    if (!(field instanceof HTMLInputElement) || !box) continue
    const offers = [...(facts?.[name] ?? [])].map(([slug, label]) => {
      const button = element('button', { type: 'button', 'data-slug': slug }, element('bdi', {}, label))
      button.addEventListener('click', () => {
        const slugs = slugsIn(field)
        const others = slugs.filter((each) => each !== slug)
        field.value = (slugs.includes(slug) ? others : [...slugs, slug]).join(', ')
        field.dispatchEvent(new Event('input', { bubbles: true }))
      })
      return button
    })
    box.replaceChildren(...offers)
  }
  markOffers(form)
}

/** Marks the offers that are in their fields. */
export function markOffers(form: HTMLFormElement): void {
  for (const name of names) {
    const field = form.elements.namedItem(name)
    const slugs = field instanceof HTMLInputElement ? slugsIn(field) : []
    for (const button of document.querySelectorAll<HTMLElement>(`#${name}-offers button`))
      button.ariaPressed = String(slugs.includes(button.dataset.slug ?? ''))
  }
}

function slugsIn({ value }: HTMLInputElement): string[] {
  return value.split(/[\s,]+/).filter(Boolean)
}
