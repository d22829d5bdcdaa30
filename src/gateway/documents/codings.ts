import * as zlib from 'node:zlib'

const { brotliCompressSync, constants, gzipSync } = zlib
/** In Node since 22.15. */
const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer }

type Compress = (bytes: Buffer) => Buffer

/** Brotli's own quality takes fifty times as long. */
const BROTLI_QUALITY = 5

/** The content codings of documents, by name; the first one wins where a client takes several equally well. */
const compressors: Readonly<Record<string, Compress>> = {
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  ...(zstdCompressSync && { zstd: (bytes: Buffer) => zstdCompressSync(bytes) }),
  gzip: (bytes) => gzipSync(bytes),
}

export type Coding = string

/** Not compressed. */
export const IDENTITY: Coding = 'identity'

export function compress(coding: Coding, bytes: Buffer): Buffer {
  return compressors[coding]?.(bytes) ?? bytes
}

/** Clients send few different headers; the limit is for those that invent them. */
const MOST_KNOWN = 500
const known = new Map<string, Coding>()

/** The coding for a request with this `Accept-Encoding` (RFC 9110, section 12.5.3). */
export function codingFor(accepted: string | undefined): Coding {
  if (accepted === undefined) return IDENTITY
  const found = known.get(accepted) ?? preferred(accepted)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(accepted, found)
  return found
}

function preferred(accepted: string): Coding {
  const weights = new Map(accepted.toLowerCase().split(',').map(weightOf))
  const weightFor = (name: string) => weights.get(name) ?? weights.get('*') ?? 0
  // A stable sort: among equals the order of the table counts.
  const [best = IDENTITY] = Object.keys(compressors).sort((a, b) => weightFor(b) - weightFor(a))
  return weightFor(best) > 0 ? best : IDENTITY
}

function weightOf(item: string): [name: string, weight: number] {
  const [name = '', ...parameters] = item.split(';').map((part) => part.trim())
  const weight = parameters.find((each) => each.startsWith('q='))?.slice(2)
  return [name, weight === undefined ? 1 : Number(weight) || 0]
}
