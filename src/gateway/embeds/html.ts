import { escapeHtml } from '../../protocol/escape-html.ts'

/** Markup whose texts are escaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | readonly Html[] | string | number | undefined | false

/** A template for markup: parts that are text are escaped, parts that are markup are not. */
export function html(markup: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(String.raw({ raw: markup }, ...parts.map(markupOf)))
}

/** `name="value"` for each that has a value. */
export function attributes(values: Readonly<Record<string, string | undefined>>): Html {
  const present = Object.entries(values).filter(([, value]) => value !== undefined)
  return new Html(present.map(([name, value]) => `${name}="${escapeHtml(value ?? '')}"`).join(' '))
}

function markupOf(part: Part): string {
  if (part === undefined || part === false) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(({ text }) => text).join('')
  return escapeHtml(String(part))
}
