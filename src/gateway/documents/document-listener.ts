import type { IncomingMessage, ServerResponse } from 'node:http'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { Problem } from '../../platform/problem.ts'
import { sendProblem } from '../../platform/problem-answer.ts'
import { answerOptions, EXPOSED_HEADERS, EXPOSED_TO_PARTNERS } from '../http/feed-request.ts'
import { UntakenAnswers } from '../http/untaken-answers.ts'
import type { Admission } from '../admission/admission.ts'
import { ownOrigin } from '../embeds/own-origin.ts'
import { challenged } from '../partners/challenged.ts'
import { documentCredentialOf, type Credential } from '../partners/credential-of.ts'
import { filterOf, type ReaderPass } from '../partners/reader-pass.ts'
import type { Hub } from '../readers/hub.ts'
import type { OpenFeeds } from '../upstream/open-feeds.ts'
import { documentHeaders, privateHeaders, secureHeaderList } from './document-headers.ts'
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
  readonly logger: Logger
}

/** Addresses whose meaning is kept; readers ask for few, and the limit is for those that invent them. */
const MOST_TARGETS = 2_000
const METHODS = 'GET, HEAD, OPTIONS'

/**
 * Answers requests for documents before Express sees them, whose steps take longer than everything that happens here.
 * False: the address is none of a document.
 */
export function documentListener({ feeds, admission, licence, trustedProxies, logger }: DocumentDeps) {
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
    // A token is kept nowhere.
    if (!address.includes('token=')) targets.set(address, target)
    return target
  }

  function answer(request: IncomingMessage, response: ServerResponse, target: DocumentTarget): void {
    const { method } = request
    if (method === 'OPTIONS') {
      setHeaders(request, response)
      answerOptions(admission, request, response, METHODS)
      return
    }
    if (method !== 'GET' && method !== 'HEAD')
      throw new Problem('method-not-allowed', { headers: { Allow: METHODS } })
    const credential = documentCredentialOf(request)
    if (credential) {
      void answerPartner(request, response, target, credential)
      return
    }
    if (target.asksForKey) throw new Problem('partner-refused')
    if (!admission.mayRead(request)) throw new Problem('origin-refused')
    answerReader(request, response, target)
  }

  /** Never rejects. */
  async function answerPartner(
    request: IncomingMessage,
    response: ServerResponse,
    target: DocumentTarget,
    credential: Credential,
  ): Promise<void> {
    try {
      const { gate } = feeds
      const pass = await gate?.passOf(request, () => credential)
      if (gate && pass) {
        setHeaders(request, response, pass)
        gate.usage.countRequest(pass.partner.id, request, response)
        await gate.limits.countPlain(pass, request, response)
      } else if (!admission.mayRead(request)) throw new Problem('origin-refused')
      answerReader(request, response, target, pass)
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('internal-error')
      if (problem !== error) logger.error({ event: 'request-failed', error: messageOf(error) })
      refuse(request, response, problem)
    }
  }

  function answerReader(
    request: IncomingMessage,
    response: ServerResponse,
    target: DocumentTarget,
    pass?: ReaderPass,
  ): void {
    const { feed, takesDrills, wanted } = target
    const reader = { takesDrills, pass }
    const hub = feeds.hub(feed, reader)
    if (!hub) throw new Problem(feeds.absence(feed, reader))
    if (wanted instanceof Problem) throw wanted
    const filter = filterOf(pass, wanted.filter)
    if (!filter) throw new Problem('filter-refused')
    const protocol = isSecure(request) ? 'https' : 'http'
    const site = ownOrigin({ headers: request.headers, protocol })
    if (site === undefined) throw new Problem('malformed-request')
    const document = documentsOf(hub).document(target, wanted, site, filter)
    send(request, response, document, { now: hub.now(), pass })
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
    { now, pass }: { readonly now: number; readonly pass: ReaderPass | undefined },
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
            ...['Access-Control-Allow-Origin', origin, 'Access-Control-Expose-Headers', exposedTo(pass)],
          ]
    const headersFor = (headers: readonly string[]) => (pass ? privateHeaders(headers) : headers)
    if (isHeld(request.headers, etag, document, now)) {
      response.writeHead(304, [...(shared ?? []), ...headersFor(notModified)]).end()
      return
    }
    response.writeHead(200, [...(shared ?? []), ...headersFor(whole)])
    if (request.method === 'HEAD') response.end()
    else response.end(bytes)
    untaken.hold(request, response)
  }

  function refuse(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
    if (!response.headersSent) setHeaders(request, response)
    sendProblem(response, challenged(problem, request))
  }

  function setHeaders(request: IncomingMessage, response: ServerResponse, pass?: ReaderPass): void {
    const list = (isSecure(request) ? overHttps : overHttp) ?? []
    for (let n = 0; n < list.length; n += 2) response.setHeader(list[n] ?? '', list[n + 1] ?? '')
    response.setHeader('Vary', 'Origin')
    const { origin } = request.headers
    // The header is set for a refusal too, so that the refused page can show the reason.
    if (origin !== undefined && request.method !== 'OPTIONS')
      response.setHeader('Access-Control-Allow-Origin', origin)
    if (pass && origin !== undefined) response.setHeader('Access-Control-Expose-Headers', exposedTo(pass))
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

function exposedTo(pass: ReaderPass | undefined): string {
  return pass ? EXPOSED_TO_PARTNERS : EXPOSED_HEADERS
}
