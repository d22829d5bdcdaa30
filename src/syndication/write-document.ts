import type { Format, Projection } from '../protocol/lists/formats.ts'
import type { DocumentSource } from './document-source.ts'
import { jsonFeed } from './json-feed.ts'

type DocumentWriter = (source: DocumentSource, projection: Projection) => string

const writers: Readonly<Record<Format, DocumentWriter>> = {
  'feed.json': jsonFeed,
}

/** A feed as a document in one format. */
export function writeDocument(format: Format, source: DocumentSource, projection: Projection): string {
  return writers[format](source, projection)
}
