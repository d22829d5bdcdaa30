/**
 * undefined for a text that is no URL. Not by `canParse`: once it is hot, Node 20 says no to each address with a
 * character such as ü.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
