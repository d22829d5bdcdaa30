import type { DescribedDocument, DescribedOperation } from './described.ts'
import type { Exchange } from './exchange.ts'

/**
 * Pages and their files: people look at them, and no program relies on what they are made of. The conformance feed is
 * wrong on purpose.
 */
const OUTSIDE =
  /^\/($|page\/|how-to-post$|favicon\.ico$|no-such-page$|showcase(\/|$)|desk(\/|$)|docs(\/|$)|conformance(\/|$)|on-air\/|widget\/(?!v1\.js)|embed\/[^/]*\.)/

export function isOutside(target: string): boolean {
  return OUTSIDE.test(pathOf(target))
}

/** The operation that a request is for, and where the document has it. */
export function findOperation(
  { paths }: DescribedDocument,
  { method, target }: Pick<Exchange, 'method' | 'target'>,
): { operation: DescribedOperation; pointer: string } | undefined {
  const path = pathOf(target)
  const fitting = Object.keys(paths).filter((each) => patternOf(each).test(path))
  // A path of its own before one with a parameter in its place.
  const [best] = fitting.sort((a, b) => variables(a) - variables(b))
  if (best === undefined || (isOutside(target) && best !== path)) return undefined
  const name = method === 'HEAD' ? 'get' : method.toLowerCase()
  const operation = paths[best]?.[name]
  return operation && { operation, pointer: `/paths/${best.replaceAll('/', '~1')}/${name}` }
}

function pathOf(target: string): string {
  // A proxy may ask with the whole address (RFC 9112, section 3.2.2).
  const [path = ''] = target.replace(/^https?:\/\/[^/]+/, '').split('?')
  // As the routers do, which take no notice of it.
  return path.length > 1 ? path.replace(/\/$/, '') : path
}

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')
  return new RegExp(`^${escaped}$`, 'i')
}

function variables(path: string): number {
  return path.split('{').length
}
