import type { IncomingMessage, ServerResponse } from 'node:http'
import { Problem } from '../../platform/problem.ts'
import { sendProblem } from '../../platform/problem-answer.ts'
import { answerOptions, EXPOSED_HEADERS } from '../http/feed-request.ts'
import { UntakenAnswers } from '../http/untaken-answers.ts'
import type { Admission } from '../admission/admission.ts'
import { ownOrigin } from '../embeds/own-origin.ts'
import type { Hub } from '../readers/hub.ts'
import type { OpenFeeds } from '../upstream/open-feeds.ts'
import { documentHeaders, secureHeaderList } from './document-headers.ts'
import { documentTarget, type DocumentTarget } from './document-target.ts'
import type { StoredDocument } from './stored-document.ts'
import { FeedDocuments } from './feed-documents.ts'
import { isHeld } from './is-held.ts'

export interface DocumentDeps {
  readonly feeds: OpenFeeds
  readonly admission: Admission
  /** Address of the licence, in RSL. */
  readonly licence: string | undefined
  readonly trustedProxies: number
}

/** Addresses whose meaning is kept; readers ask for few, and the limit is for those that invent them. */
const MOST_TARGETS = 2_000
const METHODS = 'GET, HEAD, OPTIONS'

/**
 * Answers requests for documents before Express sees them, whose steps take longer than everything that happens here.
 * False: the address is none of a document.
 */
export function documentListener({ feeds, admission, licence, trustedProxies }: DocumentDeps) {
  const targets = new Map<string, DocumentTarget>()
  const documents = new WeakMap<Hub, FeedDocuments>()
  const untaken = new UntakenAnswers(admission)
  const [overHttp, overHttps] = [false, true].map((isSecure) => secureHeaderList(isSecure))
  const settings = { licence, headers: documentHeaders(licence) }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const address = request.url ?? ''
    try {
      const target = targets.get(address) ?? remember(address)
      if (!target) return false
      answer(request, response, target)
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      refuse(request, response, problem)
    }
    return true
  }

  function remember(address: string): DocumentTarget | undefined {
    const target = documentTarget(address)
    if (!target) return undefined
    if (targets.size >= MOST_TARGETS) targets.clear()
    targets.set(address, target)
    return target
  }

  function answer(request: IncomingMessage, response: ServerResponse, target: DocumentTarget): void {
    const { method, headers } = request
    if (method === 'OPTIONS') {
      setHeaders(request, response)
      answerOptions(admission, request, response, METHODS)
      return
    }
    if (method !== 'GET' && method !== 'HEAD')
      throw new Problem('method-not-allowed', { headers: { Allow: METHODS } })
    if (!admission.mayRead(request)) throw new Problem('origin-refused')
    // No key or token opens a document yet: a feed for partners has none.
    const reader = { takesDrills: target.takesDrills, pass: undefined }
    const hub = feeds.hub(target.feed, reader)
    if (!hub) throw new Problem(feeds.absence(target.feed, reader))
    const { wanted } = target
    if (wanted instanceof Problem) throw wanted
    const site = ownOrigin({ headers, protocol: isSecure(request) ? 'https' : 'http' })
    if (site === undefined) throw new Problem('malformed-request')
    const document = documentsOf(hub).document(target, wanted, site)
    send(request, response, document, hub.now())
  }

  function documentsOf(hub: Hub): FeedDocuments {
    const held = documents.get(hub) ?? new FeedDocuments(hub, settings)
    documents.set(hub, held)
    return held
  }

  function send(
    request: IncomingMessage,
    response: ServerResponse,
    document: StoredDocument,
    now: number,
  ): void {
    const { origin } = request.headers
    const secure = isSecure(request) ? overHttps : overHttp
    const { etag, bytes, whole, notModified } = document.representation(
      request.headers['accept-encoding'],
      now,
    )
    const shared =
      origin === undefined
        ? secure
        : [
            ...(secure ?? []),
            ...['Access-Control-Allow-Origin', origin, 'Access-Control-Expose-Headers', EXPOSED_HEADERS],
          ]
    if (isHeld(request.headers, etag, document, now)) {
      response.writeHead(304, [...(shared ?? []), ...notModified]).end()
      return
    }
    response.writeHead(200, [...(shared ?? []), ...whole])
    if (request.method === 'HEAD') response.end()
    else response.end(bytes)
    untaken.hold(request, response)
  }

  function refuse(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
    setHeaders(request, response)
    sendProblem(response, problem)
  }

  function setHeaders(request: IncomingMessage, response: ServerResponse): void {
    const list = (isSecure(request) ? overHttps : overHttp) ?? []
    for (let n = 0; n < list.length; n += 2) response.setHeader(list[n] ?? '', list[n + 1] ?? '')
    response.setHeader('Vary', 'Origin')
    const { origin } = request.headers
    // The header is set for a refusal too, so that the refused page can show the reason.
    if (origin !== undefined && request.method !== 'OPTIONS')
      response.setHeader('Access-Control-Allow-Origin', origin)
  }

  /** As Express does: the proxy's word counts if the operator has named one. */
  function isSecure({ headers }: IncomingMessage): boolean {
    if (trustedProxies === 0) return false
    return (
      String(headers['x-forwarded-proto'] ?? '')
        .split(',')[0]
        ?.trim() === 'https'
    )
  }
}
