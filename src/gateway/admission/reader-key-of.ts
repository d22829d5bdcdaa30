/**
 * The key that a reader names in its address, `?key=…`: undefined where it names none, and one that nobody has where
 * it names several. It is no secret: it says whose readers these are, and stands in pages and logs.
 */
export function readerKeyOf(target = ''): string | undefined {
  // Nearly nobody has one, so the query of the others is not taken apart.
  if (!target.includes('key=')) return undefined
  const query = new URLSearchParams(target.slice(target.indexOf('?') + 1))
  const named = query.getAll('key')
  return named.length > 1 ? '' : named[0]
}
