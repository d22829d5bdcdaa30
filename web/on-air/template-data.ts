/**
 * The data of a CasparCG template: JSON, or the XML that its clients send, `<componentData id="feed"><data value="en"/>`.
 * Errors: TypeError.
 */
export function templateData(text: string): Record<string, unknown> {
  const trimmed = text.trim()
  if (trimmed === '') return {}
  if (trimmed.startsWith('<')) return ofXml(trimmed)
  let parsed: unknown
  try {
    parsed = JSON.parse(trimmed)
  } catch {
    throw new TypeError('the data is neither JSON nor XML')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new TypeError('the data is no object')
  return parsed as Record<string, unknown>
}

function ofXml(text: string): Record<string, unknown> {
  const { documentElement } = new DOMParser().parseFromString(text, 'text/xml')
  if (documentElement.querySelector('parsererror') || documentElement.nodeName !== 'templateData')
    throw new TypeError('the data is no templateData')
  const components = [...documentElement.querySelectorAll('componentData')]
  return Object.fromEntries(
    components.map((component) => [
      component.getAttribute('id') ?? '',
      component.querySelector('data')?.getAttribute('value') ?? '',
    ]),
  )
}
