import { directionOf } from '../../protocol/direction-of.ts'
import { drillWord } from '../../protocol/drill-word.ts'
import { attributes, html, type Html } from './html.ts'

/** Stands over the headlines of a drill, in every picture of them. */
export function drillHtml(language: string): Html {
  const { lang, text } = drillWord(language)
  return html`<p class="flashline-drill" ${attributes({ lang, dir: directionOf(lang) })}>
    <strong>${text}</strong>
  </p>`
}
