import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The path in `file:PATH`, which may be relative to the working directory, or in a URL `file:///…`. */
export function archiveFile(url: string): string {
  return url.startsWith('file://') ? fileURLToPath(url) : resolve(url.slice('file:'.length))
}
