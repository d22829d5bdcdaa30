import { create } from 'xmlbuilder2'

/** An element: its text, or its attributes (`@name`), its text (`#`) and its children by name. Undefined: left out. */
export type XmlElement = string | undefined | XmlParts
export interface XmlParts {
  readonly [name: string]: XmlElement | readonly XmlElement[]
}

type Builder = ReturnType<typeof create>

/** An XML document. */
export function writeXml(name: string, root: XmlParts): string {
  // XML 1.0 cannot have the other control characters, not even escaped.
  const document = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '\uFFFD' })
  addElement(document, name, root)
  return document.end()
}

function addElement(parent: Builder, name: string, content: XmlElement): void {
  if (content === undefined) return
  const element = parent.ele(name)
  if (typeof content === 'string') {
    element.txt(escaped(content))
    return
  }
  for (const [part, value] of Object.entries(content)) {
    if (part === '#' && typeof value === 'string') element.txt(escaped(value))
    else if (part.startsWith('@') && typeof value === 'string') element.att(part.slice(1), escaped(value))
    else for (const each of [value].flat()) addElement(element, part, each)
  }
}

/** The builder escapes `&` only where it begins no entity, so a text that shows an entity would become the character. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;')
}
