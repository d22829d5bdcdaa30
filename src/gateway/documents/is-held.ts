import type { IncomingHttpHeaders } from 'node:http'
import { holds } from '../http/feed-request.ts'
import type { StoredDocument } from './stored-document.ts'

/** Whether the reader holds this version (RFC 9110, section 13.2.2): dates count only where no tag is sent. */
export function isHeld(
  headers: IncomingHttpHeaders,
  etag: string,
  document: Pick<StoredDocument, 'changedAt' | 'isSettled'>,
  now: number,
): boolean {
  if (headers['if-none-match'] !== undefined)
    return headers['if-none-match'] === etag || holds({ headers }, etag)
  const since = headers['if-modified-since']
  return since !== undefined && document.isSettled(now) && Date.parse(since) >= document.changedAt
}
