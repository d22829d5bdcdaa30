import { parse } from 'node:querystring'
import { Problem } from '../../platform/problem.ts'
import { filterKey, filterSchema, type Filter } from '../../protocol/filter.ts'
import { formatNames, formats, type Format, type Projection } from '../../protocol/lists/formats.ts'
import { documentQuery, drillQuery } from '../../protocol/reader-queries.ts'
import { parseQuery } from '../http/parse-query.ts'

/** The document that an address under `/feeds/` names. */
export interface DocumentTarget {
  readonly feed: string
  /** Id of the one headline that the document is about. */
  readonly headline: string | undefined
  readonly takesDrills: boolean
  /** Whether a request without a key or token gets 401: many programs send a password only then. */
  readonly asksForKey: boolean
  /** The document, or why there is none: a fault of the query counts only once the feed is found. */
  readonly wanted: WantedDocument | Problem
}

export interface WantedDocument {
  readonly format: Format
  readonly projection: Projection
  readonly correctionItems: boolean
  readonly filter: Filter
  /** The same for all addresses of this document. */
  readonly key: string
}

const wantedQuery = documentQuery.extend(filterSchema.shape)
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
    asksForKey: query.auth === 'basic',
    wanted: wantedOf(format, query),
  }
}

function wantedOf(format: Format, query: Readonly<Record<string, unknown>>): WantedDocument | Problem {
  try {
    const { for: wanted, corrections, section, region, urgency } = parseQuery(wantedQuery, query)
    const filter = { ...(section && { section }), ...(region && { region }), ...(urgency && { urgency }) }
    parseQuery(drillQuery, query)
    const projections: readonly Projection[] = formats[format].projections
    const projection = projections.find((each) => each === wanted)
    if (projection === undefined) return new Problem('no-such-projection', { extra: { projections } })
    const correctionItems = corrections === 'items'
    const key = `${format} ${projection} ${correctionItems} ${filterKey(filter)}`
    return { format, projection, correctionItems, filter, key }
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
