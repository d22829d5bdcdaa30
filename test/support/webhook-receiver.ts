import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerLog } from './contract/answer-log.ts'
import { notTheService } from './contract/other-servers.ts'
import { eventually } from './eventually.ts'

export interface ReceivedMessage {
  readonly headers: Readonly<Record<string, string>>
  /** The bytes as they came. */
  readonly text: string
  readonly at: number
  readonly type: string
  readonly data: {
    readonly feed: string
    readonly position: string
    readonly op: string
    readonly headline: { readonly id: string; readonly version: number; readonly text?: string }
    readonly ack?: string
    readonly thin?: true
    readonly reason?: string
    readonly withdrawn?: readonly string[]
  }
}

type Answering = (response: ServerResponse, message: ReceivedMessage, request: IncomingMessage) => unknown

const LIMIT_MS = 20_000

/** A partner's server. It answers 204 until a test wants something else. */
export async function startReceiver(first: Answering = ok) {
  const received: ReceivedMessage[] = []
  const state = { answering: first }
  const server = notTheService(createServer())
  server.on('request', (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const message = {
        ...(JSON.parse(text) as Pick<ReceivedMessage, 'type' | 'data'>),
        ...{ headers: request.headers as Record<string, string>, text, at: performance.now() },
      }
      received.push(message)
      answerLog.tookMessage('deliverWebhook', JSON.parse(text) as ReceivedMessage)
      state.answering(response, message, request)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    /** In the order of their arrival, repetitions included. */
    received,
    /** Texts of the live headlines that came, and `- id` for those taken away. */
    get words(): string[] {
      return received.map(({ data }) => data.headline.text ?? `- ${data.headline.id}`)
    },
    answer(next: Answering): void {
      state.answering = next
    },
    until: (count: number) =>
      eventually(`${count} messages have come`, LIMIT_MS, () => received.length >= count),
    untilType: (type: string) =>
      eventually(`a ${type} has come`, LIMIT_MS, () => received.find((each) => each.type === type)),
    async close(): Promise<void> {
      server.close()
      server.closeAllConnections()
    },
  }
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>

export function ok(response: ServerResponse): void {
  response.writeHead(204).end()
}

export const status =
  (code: number, headers: Record<string, string> = {}): Answering =>
  (response) =>
    response.writeHead(code, headers).end()

export const hang: Answering = () => undefined
