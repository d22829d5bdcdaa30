import { element } from '../lines/element.ts'

/** Creates an element whose class is also its name for `::part()`. */
export function partElement<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  ...children: Parameters<typeof element>[2][]
): HTMLElementTagNameMap[Tag] {
  return element(tag, { class: name, part: name, ...attributes }, ...children)
}
