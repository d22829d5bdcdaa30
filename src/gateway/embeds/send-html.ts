import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { holds } from '../http/feed-request.ts'
import type { Html } from './html.ts'

/** Caches must revalidate each time, or they would serve a withdrawn headline. */
export function sendHtml(request: Request, response: Response, { text }: Html): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`
  response.set({ 'Cache-Control': 'no-cache', ETag: etag })
  if (holds(request, etag)) response.status(304).end()
  else response.type('html').send(text)
}
