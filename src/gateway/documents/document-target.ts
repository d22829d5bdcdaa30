import { parse } from 'node:querystring'
import { Problem } from '../../platform/problem.ts'
import { formatNames, formats, type Format, type Projection } from '../../protocol/lists/formats.ts'
import { documentQuery, drillQuery } from '../../protocol/reader-queries.ts'
import { parseQuery } from '../http/parse-query.ts'

/** The document that an address under `/feeds/` names. */
export interface DocumentTarget {
  readonly feed: string
  /** Id of the one headline that the document is about. */
  readonly headline: string | undefined
  readonly takesDrills: boolean
  /** The document, or why there is none: a fault of the query counts only once the feed is found. */
  readonly wanted: WantedDocument | Problem
}

export interface WantedDocument {
  readonly format: Format
  readonly projection: Projection
  readonly correctionItems: boolean
  /** The same for all addresses of this document. */
  readonly key: string
}

const PATH = /^\/feeds\/([^/]+)(?:\/headlines\/([^/]+))?\/([^/]+)$/

/**
 * Undefined: the address is none of a document. Errors: Problem `no-such-format`, `malformed-request`.
 *
 * @param address path and query, or the whole address (RFC 9112, section 3.2.2)
 */
export function documentTarget(address: string): DocumentTarget | undefined {
  const [path = '', search = ''] = address.replace(/^https?:\/\/[^/]+/, '').split(/\?(.*)/s)
  const [, feed, headline, format] = PATH.exec(path) ?? []
  if (feed === undefined || format === undefined) return undefined
  if (!isFormat(format)) throw new Problem('no-such-format', { extra: { formats: formatNames } })
  const query = parse(search)
  return {
    feed: decoded(feed),
    headline: headline === undefined ? undefined : decoded(headline),
    takesDrills: query.drill === '1',
    wanted: wantedOf(format, query),
  }
}

function wantedOf(format: Format, query: Readonly<Record<string, unknown>>): WantedDocument | Problem {
  try {
    const { for: wanted, corrections } = parseQuery(documentQuery, query)
    parseQuery(drillQuery, query)
    const projections: readonly Projection[] = formats[format].projections
    const projection = projections.find((each) => each === wanted)
    if (projection === undefined) return new Problem('no-such-projection', { extra: { projections } })
    const correctionItems = corrections === 'items'
    return { format, projection, correctionItems, key: `${format} ${projection} ${correctionItems}` }
  } catch (problem) {
    if (problem instanceof Problem) return problem
    throw problem
  }
}

function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch (cause) {
    throw new Problem('malformed-request', { cause })
  }
}
