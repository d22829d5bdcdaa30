import type { z } from 'zod'
import type { AnswerHeader, RequestHeader } from './http-headers.ts'
import type { ProblemCode } from './problems.ts'

/** Groups of operations, with what each is about. */
export const operationTags = {
  read: 'What readers follow: feeds, the strip, pages and streams',
  embeds: "What other sites' pages take in",
  headlines: 'Write, release and change headlines',
  feeds: 'Feeds, their policies, and stopping them',
  desk: 'Follow what the newsroom does, and what was done',
  session: 'Sign in, and the own account',
  accounts: 'Accounts, invitations and API keys',
  contract: 'What this service says of itself',
  operations: 'For whoever runs the service',
} as const
export type OperationTag = keyof typeof operationTags

/** Who answers, and so what comes with a problem. */
export const problemHeaders = {
  editors: ['X-Request-Id', 'Flashline-Durability', 'RateLimit', 'RateLimit-Policy'],
  readers: ['Vary', 'Access-Control-Allow-Origin'],
  /** A frame's page says its problems in HTML. */
  frames: [],
  service: [],
} as const satisfies Readonly<Record<string, readonly AnswerHeader[]>>
export type OperationSide = keyof typeof problemHeaders

/** One route as the contract describes it: which requests it takes, and everything that it can answer. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As in OpenAPI: `/v1/feeds/{feed}`. */
  readonly path: string
  readonly operationId: string
  readonly tag: OperationTag
  readonly side: OperationSide
  readonly summary: string
  readonly description?: string
  /** Left out: nobody needs a credential. */
  readonly security?: 'key-or-session' | 'metrics-token'
  readonly query?: z.ZodObject<Readonly<Record<string, z.ZodType>>>
  readonly headers?: Readonly<Partial<Record<RequestHeader, 'required' | 'optional'>>>
  readonly body?: { readonly schema: z.ZodType; readonly examples?: Examples | undefined }
  /** What a reader may send on the connection that is opened. */
  readonly readerMessage?: z.ZodType
  /** By status. */
  readonly answers: Readonly<Record<number, OperationAnswer>>
  readonly problems: readonly ProblemCode[]
}

export interface OperationAnswer {
  readonly description: string
  readonly headers?: readonly AnswerHeader[]
  readonly content?: Readonly<Record<string, OperationContent>>
}

export interface OperationContent {
  /** Left out: text. Of a stream: one of its frames. */
  readonly schema?: z.ZodType
  readonly isStream?: true
  readonly examples?: Examples | undefined
}

/** By name. */
export type Examples = Readonly<Record<string, { readonly summary: string; readonly value: unknown }>>

/** The Express pattern of a path: `/v1/feeds/:feed`. */
export function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}
