import type { z } from 'zod'
import { closeCodes } from '../../protocol/close-codes.ts'
import { frameSchema } from '../../protocol/frame-schemas.ts'
import type { Operation } from '../../protocol/operation.ts'
import { eventExamples } from '../../protocol/reader-examples.ts'
import { readerRoutes } from '../../protocol/reader-routes.ts'
import type { Route } from '../http/route.ts'
import { webhookHeadersSchema, webhookMessageSchema } from '../../protocol/webhook-message.ts'
import { Components } from './components.ts'
import { framesOf, type DescribedFrame } from './frames-of.ts'
import { streamSecuritySchemes } from './security-schemes.ts'

/**
 * AsyncAPI 3.0 of the streams and webhooks, made from the tables and schemas that serve. The tests hold every frame and
 * message of the service against it (test/support/contract).
 */
export function describeStreams(routes: readonly Route[]): object {
  const components = new Components('draft-07')
  const { live, events } = readerRoutes
  const readerFrames = framesOf(frameSchema, components, eventExamples)
  const streams = [
    webSocket(live, readerFrames, components),
    eventStream('A feed as server-sent events', events, readerFrames, components),
    ...routes.flatMap((route) => {
      const schema = route.answers[200]?.stream
      if (!schema) return []
      const frames = framesOf(schema, components)
      return [eventStream(`Server-sent events of the ${route.tag}`, route, frames, components)]
    }),
    webhook(components),
  ]
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Flashline streams',
      version: '1',
      description:
        'Breaking lines, in one order, as they are released. PROTOCOL.md says how a reader folds the frames and comes back ' +
        'after a cut. A feed for partners needs a key or a token; the desk needs a key or a session of the newsroom. Ignore ' +
        'a `type` and members that you do not know: new ones may come at any time.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    defaultContentType: 'application/json',
    servers: {
      websocket: serverFor('ws', 'WebSocket (RFC 6455); over TLS `wss`'),
      http: serverFor('http', 'Server-sent events over HTTP; over TLS `https`'),
    },
    channels: Object.fromEntries(streams.map(({ name, channel }) => [name, channel])),
    operations: Object.assign({}, ...streams.map(({ operations }) => operations)) as object,
    components: { schemas: components.schemas(), securitySchemes: streamSecuritySchemes },
  }
}

interface Stream {
  readonly name: string
  readonly channel: object
  readonly operations: Readonly<Record<string, object>>
}

type Described = Pick<Operation, 'operationId' | 'path' | 'summary' | 'query'>

function webSocket(
  { operationId, path, summary, query, description, readerMessage }: typeof readerRoutes.live,
  frames: readonly DescribedFrame[],
  components: Components,
): Stream {
  const acknowledgement = { name: 'acknowledgement', payload: components.schema(readerMessage) }
  return {
    name: operationId,
    channel: {
      address: path,
      title: 'A feed as a WebSocket',
      summary,
      description,
      servers: [{ $ref: '#/servers/websocket' }],
      parameters: feedParameter,
      messages: { ...messagesOf(frames), acknowledgement },
      bindings: { ws: { method: 'GET', query: components.schema(query), bindingVersion: '0.1.0' } },
      'x-close-codes': closeCodes,
    },
    operations: {
      [operationId]: sends(operationId, 'A reader gets these frames, each one text message', frames),
      acknowledge: {
        action: 'receive',
        channel: { $ref: `#/channels/${operationId}` },
        summary: 'A reader that came with `acks=1` says that its screen is right up to a position',
        messages: [{ $ref: `#/channels/${operationId}/messages/acknowledgement` }],
      },
    },
  }
}

function eventStream(
  title: string,
  { operationId, path, summary, query }: Described,
  frames: readonly DescribedFrame[],
  components: Components,
): Stream {
  const parameters: z.ZodType | undefined = query
  return {
    name: operationId,
    channel: {
      address: path,
      title,
      summary,
      description:
        'Ask with `Accept: text/event-stream`. Each `data:` line is one frame. `id:` is the place to come back to, in `after` ' +
        'or `Last-Event-ID`.',
      servers: [{ $ref: '#/servers/http' }],
      parameters: feedParameter,
      messages: messagesOf(frames),
    },
    operations: {
      [operationId]: {
        ...sends(operationId, 'A client gets these frames', frames),
        bindings: {
          http: {
            method: 'GET',
            ...(parameters && { query: components.schema(parameters) }),
            bindingVersion: '0.3.0',
          },
        },
      },
    },
  }
}

/** Requests to a server of a partner; the address is a setting of the webhook. */
function webhook(components: Components): Stream {
  const name = 'deliverWebhook'
  const headers = components.schema(webhookHeadersSchema)
  const messages = framesOf(webhookMessageSchema, components).map((message) => ({ ...message, headers }))
  return {
    name,
    channel: {
      title: 'Webhooks',
      description:
        'A POST to the server of a partner, signed as Standard Webhooks says. An answer 2xx takes the message; any other one ' +
        'brings it again.',
      messages: messagesOf(messages),
    },
    operations: {
      [name]: {
        ...sends(name, 'A server of a partner gets these messages', messages),
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
      },
    },
  }
}

function sends(channel: string, summary: string, frames: readonly DescribedFrame[]): object {
  return {
    action: 'send',
    channel: { $ref: `#/channels/${channel}` },
    summary,
    messages: frames.map(({ name }) => ({ $ref: `#/channels/${channel}/messages/${name}` })),
  }
}

function messagesOf(frames: readonly DescribedFrame[]): Record<string, DescribedFrame> {
  return Object.fromEntries(frames.map((frame) => [frame.name, frame]))
}

const feedParameter = { feed: { description: 'Id of the feed, as `GET /v1/feeds` lists it' } }

function serverFor(protocol: string, description: string): object {
  return {
    host: '{host}',
    protocol,
    description,
    variables: { host: { default: '127.0.0.1:8080', description: 'Where Flashline is' } },
  }
}
