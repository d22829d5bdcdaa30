import type { Format, Projection } from '../protocol/lists/formats.ts'
import type { DocumentSource } from './document-source.ts'
import { atom } from './atom.ts'
import { jsonFeed } from './json-feed.ts'
import { linesCsv, linesJson, linesNdjson } from './lines.ts'
import { liveBlog } from './live-blog.ts'
import { ninjs } from './ninjs.ts'
import { rss } from './rss.ts'

type DocumentWriter = (source: DocumentSource, projection: Projection) => string

const writers: Readonly<Record<Format, DocumentWriter>> = {
  'feed.json': jsonFeed,
  'rss.xml': rss,
  'atom.xml': atom,
  'ninjs.json': ninjs,
  'live-blog.jsonld': liveBlog,
  'lines.json': linesJson,
  'lines.ndjson': linesNdjson,
  'lines.csv': linesCsv,
}

/** A feed as a document in one format. */
export function writeDocument(format: Format, source: DocumentSource, projection: Projection): string {
  return writers[format](source, projection)
}
