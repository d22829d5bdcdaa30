import type { z } from 'zod'
import type { AnswerHeader, RequestHeader } from './http-headers.ts'
import type { ProblemCode } from './problems.ts'

/** Groups of operations. */
export const operationTags = {
  read: 'Follow a feed: the strip, pages and streams',
  embeds: 'Headlines in pages of other sites',
  formats: 'Feeds in the formats of other programs',
  headlines: 'Write, release and change headlines',
  feeds: 'Feeds, their policies, and stopping them',
  desk: 'The acts of a newsroom, as a stream and as the audit',
  session: 'Sign in, and the own account',
  accounts: 'Accounts, invitations and API keys',
  partners: 'Sites and apps with a key of their own',
  contract: 'This description, that of the streams, and the problems',
  operations: 'Health and measurements, for operators',
} as const
export type OperationTag = keyof typeof operationTags

/** The part of the service that answers, with the headers that its problems can have. */
export const problemHeaders = {
  editors: ['X-Request-Id', 'Flashline-Durability', 'RateLimit', 'RateLimit-Policy'],
  readers: [
    'Vary',
    'Access-Control-Allow-Origin',
    'Access-Control-Expose-Headers',
    'RateLimit',
    'RateLimit-Policy',
  ],
  /** A frame's page says its problems in HTML. */
  frames: ['Vary', 'RateLimit', 'RateLimit-Policy'],
  service: [],
} as const satisfies Readonly<Record<string, readonly AnswerHeader[]>>
export type OperationSide = keyof typeof problemHeaders

/** One route as the contract describes it: which requests it takes, and everything that it can answer. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete' | 'options'
  /** As in OpenAPI: `/v1/feeds/{feed}`. */
  readonly path: string
  readonly operationId: string
  readonly tag: OperationTag
  readonly side: OperationSide
  readonly summary: string
  readonly description?: string
  /** Left out: no credential is needed. */
  readonly security?:
    'key-or-session' | 'metrics-token' | 'partner-key' | 'partner-or-none' | 'document-reader'
  readonly query?: z.ZodObject<Readonly<Record<string, z.ZodType>>>
  readonly headers?: Readonly<Partial<Record<RequestHeader, 'required' | 'optional'>>>
  readonly body?: { readonly schema: z.ZodType; readonly examples?: Examples | undefined }
  /** A message that a reader may send on the connection that is opened. */
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
  /** For a stream, the schema of one frame. Left out: the body is text. */
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
