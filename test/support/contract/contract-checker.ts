import { Ajv } from 'ajv'
import { describeApi } from '../../../src/api/openapi/describe-api.ts'
import { describeStreams } from '../../../src/api/openapi/describe-streams.ts'
import { apiRoutes } from '../../../src/api/api-routes.ts'
import type { ApiDeps } from '../../../src/api/http/api-deps.ts'
import { AnswerSchemas } from './answer-schemas.ts'
import type { Exchange } from './exchange.ts'
import { readDocument, type DescribedOperation, type DescribedResponse } from './described.ts'
import { findOperation, isOutside } from './find-operation.ts'

/** Headers of HTTP itself, of files, of proxies, and those that tell browsers to forbid: no part of the contract. */
const unstatedHeaders =
  /^(accept-ranges|age|connection|content-(length|type|security-policy|disposition|range)|cross-origin-.*|date|keep-alive|last-modified|origin-agent-cluster|referrer-policy|server|sec-websocket-.*|strict-transport-security|transfer-encoding|via|x-(cache|cache-lookup|varnish)|x-accel-buffering|x-content-type-options|x-dns-prefetch-control|x-download-options|x-frame-options|x-permitted-cross-domain-policies|x-xss-protection)$/

/** Refused before a route sees the request, or at an address that no route has. */
const codesWithoutRoute: Readonly<Record<number, readonly string[]>> = {
  400: ['malformed-request'],
  404: ['no-such-route'],
  405: ['method-not-allowed'],
  429: ['too-many-requests'],
  417: ['expectation-failed'],
  431: ['header-too-large'],
}

/** Channels of the AsyncAPI description, by the operation that they serve. */
export type Channel = 'followLive' | 'getEvents' | 'followDesk' | 'deliverWebhook'

interface DescribedStreams {
  readonly channels: Readonly<Record<Channel, { readonly messages: Readonly<Record<string, object>> }>>
}

/** Holds answers of the service against its OpenAPI description, and its frames and messages against AsyncAPI. */
export class ContractChecker {
  readonly #streams = describeStreams(apiRoutes({} as ApiDeps)) as DescribedStreams
  readonly #streamSchemas = new AnswerSchemas({ whole: this.#streams }, Ajv)
  readonly #document = readDocument(describeApi(apiRoutes({} as ApiDeps)))
  readonly #schemas = new AnswerSchemas(this.#document)

  /** The parts of an exchange that the description does not allow. */
  faults(exchange: Exchange): string[] {
    const { method, target, status } = exchange
    const faults = this.#faultsOf(exchange)
    return faults.map((fault) => `${method} ${target} was answered with ${status}: ${fault}`)
  }

  /** A frame of a stream, or the body of a webhook. */
  messageFaults(channel: Channel, message: { readonly type: string }): string[] {
    const { type } = message
    const isKnown = Object.hasOwn(this.#streams.channels[channel].messages, type)
    const faults = isKnown
      ? this.#streamSchemas.faults(`/channels/${channel}/messages/${type}/payload`, message)
      : [`the channel has no message ${type}`]
    return faults.map((fault) => `${channel} has sent ${JSON.stringify(message).slice(0, 300)}: ${fault}`)
  }

  #faultsOf(exchange: Exchange): string[] {
    const { status, target } = exchange
    const found = findOperation(this.#document, exchange)
    if (!found) return isOutside(target) ? [] : this.#faultsWithoutRoute(exchange)
    const code = codeOf(exchange)
    // A process without the role of the route, or one whose single sign-on is not set up.
    // It may still serve another method of the path.
    if (code === 'no-such-route' || code === 'method-not-allowed') return []
    const { operation, pointer } = found
    const response = operation.responses[String(status)]
    if (!response) return [`${operation.operationId} has no status ${status} (code ${code ?? 'none'})`]
    const at = `${pointer}/responses/${status}`
    return [
      ...this.#headerFaults(response, exchange),
      ...this.#bodyFaults(response, at, exchange),
      ...(status < 400 ? this.#requestFaults(operation, pointer, exchange) : []),
    ]
  }

  #faultsWithoutRoute(exchange: Exchange): string[] {
    // It asks about the server and not about an address, which OpenAPI cannot describe.
    if (exchange.target === '*' && exchange.status === 204)
      return exchange.headers.has('allow') ? [] : ['there is no Allow']
    const code = codeOf(exchange)
    if (code !== undefined && codesWithoutRoute[exchange.status]?.includes(code)) {
      const lacksAllow = exchange.status === 405 && !exchange.headers.has('allow')
      return lacksAllow ? ['there is no Allow'] : []
    }
    // People get a page that says the same.
    const isPage = exchange.headers.get('content-type')?.startsWith('text/html') === true
    const hasNoCode = exchange.method === 'HEAD' || isPage
    return hasNoCode && exchange.status === 404 ? [] : ['no operation is described there']
  }

  #headerFaults({ headers = {} }: DescribedResponse, exchange: Exchange): string[] {
    const described = new Map(
      Object.entries(headers).map(([name, header]) => [name.toLowerCase(), this.#document.resolve(header)]),
    )
    const unstated = [...exchange.headers.keys()].filter(
      (name) => !described.has(name) && !unstatedHeaders.test(name),
    )
    const missing = [...described].filter(([name, header]) => header.required && !exchange.headers.has(name))
    return [
      ...unstated.map((name) => `the header ${name} is not described`),
      ...missing.map(([name]) => `the header ${name} is missing`),
    ]
  }

  #bodyFaults({ content = {} }: DescribedResponse, at: string, exchange: Exchange): string[] {
    const { method, headers, body, status } = exchange
    const [type = ''] = (headers.get('content-type') ?? '').split(';')
    if (type === '') {
      const hasBody = body !== undefined && body !== ''
      const lacks = Object.keys(content).length > 0 && status !== 101 && method !== 'HEAD'
      return hasBody || lacks ? ['it has no content type'] : []
    }
    if (!content[type]) return [`the content type ${type} is not described`]
    if (method === 'HEAD' || body === undefined || !/json|event-stream/.test(type)) return []
    const schema = `${at}/content/${escaped(type)}/schema`
    if (type === 'text/event-stream')
      return framesIn(body).flatMap((frame) => this.#schemas.faults(`${schema}/items`, frame))
    if (type === 'application/x-ndjson')
      return body
        .split('\n')
        .filter((line) => line !== '')
        .flatMap((line) => this.#schemas.faults(`${schema}/items`, JSON.parse(line)))
    return this.#schemas.faults(schema, JSON.parse(body))
  }

  #requestFaults(operation: DescribedOperation, pointer: string, exchange: Exchange): string[] {
    const { parameters = [], requestBody } = operation
    const query = new URLSearchParams(exchange.target.split('?')[1] ?? '')
    const queryFaults = [...query].flatMap(([name, value]) => {
      const index = parameters.findIndex((each) => each.in === 'query' && each.name === name)
      if (index < 0) return [`the parameter ${name} is not described`]
      const faults = this.#schemas.faults(`${pointer}/parameters/${index}/schema`, value, 'text')
      return faults.map((fault) => `the parameter ${name}=${value} was taken: ${fault}`)
    })
    const lacking = parameters.filter(
      ({ in: place, required, name }) =>
        required &&
        ((place === 'query' && !query.has(name)) ||
          (place === 'header' && exchange.requestHeaders[name.toLowerCase()] === undefined)),
    )
    const bodyFaults =
      exchange.requestBody === undefined
        ? []
        : requestBody
          ? this.#schemas.faults(
              `${pointer}/requestBody/content/application~1json/schema`,
              exchange.requestBody,
            )
          : ['a body is not described']
    return [
      ...queryFaults,
      ...lacking.map(({ name }) => `it was taken without ${name}`),
      ...bodyFaults.map((fault) => `the body was taken: ${fault}`),
    ]
  }
}

function codeOf({ headers, body, method }: Exchange): string | undefined {
  if (!(headers.get('content-type') ?? '').startsWith('application/problem+json')) return undefined
  // An answer to HEAD has the head of a problem alone.
  if (method === 'HEAD' || body === undefined || body === '') return undefined
  return (JSON.parse(body) as { code?: string }).code
}

/** As far as whole frames have come. */
function framesIn(stream: string): unknown[] {
  return stream
    .split('\n\n')
    .slice(0, -1)
    .flatMap((block) => /^data: (.*)$/m.exec(block)?.[1] ?? [])
    .map((data) => JSON.parse(data) as unknown)
}

function escaped(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}
