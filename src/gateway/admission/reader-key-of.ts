/**
 * The reader key in a request's `?key=…`: undefined if there is none, and an invalid one if there are several. A key is
 * not secret: it names the site of its readers and appears in pages and logs.
 */
export function readerKeyOf(target = ''): string | undefined {
  // Few requests have a key, so only their queries are parsed.
  if (!target.includes('key=')) return undefined
  const query = new URLSearchParams(target.slice(target.indexOf('?') + 1))
  const named = query.getAll('key')
  return named.length > 1 ? '' : named[0]
}
