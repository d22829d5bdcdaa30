import type { LiveHeadline } from '../../protocol/headline.ts'

/**
 * Limits the headlines of one part, in bytes of JSON: with its other fields and its framing, a part stays below 32 KB,
 * the smallest limit at which clients are known to close a connection. The longest headline takes 22 KB.
 */
export const STRIP_PART_BYTES = 32_000

/** A strip, cut into parts of at most STRIP_PART_BYTES, in its order. An empty strip is one part. */
export function stripParts(strip: readonly LiveHeadline[]): LiveHeadline[][] {
  const parts: LiveHeadline[][] = []
  let part: LiveHeadline[] = []
  let size = 0
  for (const headline of strip) {
    // A comma or a bracket stands beside each headline.
    const bytes = Buffer.byteLength(JSON.stringify(headline)) + 1
    if (size + bytes > STRIP_PART_BYTES) {
      parts.push(part)
      part = []
      size = 0
    }
    part.push(headline)
    size += bytes
  }
  return [...parts, part]
}
