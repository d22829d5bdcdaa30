import { element } from '../lines/element.ts'
import type { OnAirLine } from './on-air-line.ts'

/** The content of a line in one row: label, speaker, text, mark. Texts in another direction do not mix with it. */
export function lineContent({ label, speaker, text, lang, dir, mark }: OnAirLine): Node[] {
  const nodes = [
    label !== undefined && element('b', { class: 'label' }, element('bdi', {}, label)),
    element(
      'bdi',
      { lang, dir, class: 'text' },
      speaker !== undefined && element('bdi', { dir, class: 'speaker' }, speaker),
      speaker !== undefined && ': ',
      element('bdi', { dir }, text),
    ),
    mark !== undefined && element('span', { class: 'mark' }, element('bdi', {}, mark)),
  ]
  return nodes.filter((node) => node !== false)
}
