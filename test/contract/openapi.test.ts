import { beforeAll, describe, expect, it } from '@jest/globals'
import type { z } from 'zod'
import { apiRoutes } from '../../src/api/api-routes.ts'
import type { ApiDeps } from '../../src/api/http/api-deps.ts'
import { describeApi } from '../../src/api/openapi/describe-api.ts'
import type { FeedTitle } from '../../src/protocol/feed.ts'
import type * as frames from '../../src/protocol/frames.ts'
import type * as schemas from '../../src/protocol/frame-schemas.ts'
import type { LiveHeadline, Tombstone } from '../../src/protocol/headline.ts'
import { problems, type ProblemCode } from '../../src/protocol/problems.ts'
import {
  readDocument,
  type DescribedDocument,
  type DescribedOperation,
} from '../support/contract/described.ts'

/** The compiler holds each schema of what readers get against the interface that the service and readers build on. */
type Same<One, Other> = [One, keyof One] extends [Other, keyof Other]
  ? [Other, keyof Other] extends [One, keyof One]
    ? true
    : false
  : false
type Of<Schema extends z.ZodType> = z.output<Schema>
const same: {
  feed: Same<Of<typeof schemas.feedTitleSchema>, FeedTitle>
  live: Same<Of<typeof schemas.liveHeadlineSchema>, LiveHeadline>
  tombstone: Same<Of<typeof schemas.tombstoneSchema>, Tombstone>
  hello: Same<Of<typeof schemas.helloFrameSchema>, frames.HelloFrame>
  reset: Same<Of<typeof schemas.resetFrameSchema>, Mutable<frames.ResetFrame>>
  event: Same<Of<typeof schemas.eventFrameSchema>, frames.EventFrame>
  head: Same<Of<typeof schemas.headFrameSchema>, frames.HeadFrame>
  bye: Same<Of<typeof schemas.byeFrameSchema>, frames.ByeFrame>
  frame: Same<Of<typeof schemas.frameSchema>['type'], frames.Frame['type']>
  snapshot: Same<Of<typeof schemas.snapshotSchema>, Mutable<frames.Snapshot>>
  page: Same<Of<typeof schemas.pageSchema>, Mutable<frames.Page>>
} = {
  feed: true,
  live: true,
  tombstone: true,
  hello: true,
  reset: true,
  event: true,
  head: true,
  bye: true,
  frame: true,
  snapshot: true,
  page: true,
}
/** A schema cannot say that a list is not to be changed. */
type Mutable<T> = T extends readonly (infer Each)[]
  ? Mutable<Each>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Mutable<T[Name]> }
    : T

/** Problems that no operation has, with the reason. */
const withoutOperation: Partial<Record<ProblemCode, string>> = {}

describe('the OpenAPI description', () => {
  const written = describeApi(apiRoutes({} as ApiDeps))
  let document: DescribedDocument
  let operations: { path: string; method: string; operation: DescribedOperation }[]
  beforeAll(() => {
    document = readDocument(written)
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )
  })

  it('has each problem at an operation that can answer it', () => {
    const described = new Set(operations.flatMap(({ operation }) => codesOf(operation)))
    const missing = (Object.keys(problems) as ProblemCode[]).filter((code) => !described.has(code))
    expect(missing).toEqual(Object.keys(withoutOperation))
  })

  it('has a schema or the word "text" for each answer with a body', () => {
    const bare = operations.flatMap(({ operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => !['101', '204', '302', '304'].includes(status))
        .filter(([, { content = {} }]) => Object.keys(content).length === 0)
        .map(([status]) => `${operation.operationId} ${status}`),
    )
    expect(bare).toEqual([])
  })

  it('has examples of the main requests and answers', () => {
    const text = (id: string) =>
      JSON.stringify(operations.find(({ operation }) => operation.operationId === id))
    const main = [
      'postHeadline',
      'correctHeadline',
      'withdrawHeadline',
      'getSnapshot',
      'getEvents',
      'followLive',
    ]
    expect(main.filter((id) => !text(id).includes('"examples"'))).toEqual([])
  })

  it('describes frames as the interfaces have them', () => {
    expect(Object.values(same)).not.toContain(false)
  })
})

function codesOf({ responses }: DescribedOperation): string[] {
  return Object.values(responses).flatMap(({ content = {} }) => {
    const problem = content['application/problem+json'] as
      { schema: { properties: { code: { enum: string[] } } } } | undefined
    return problem?.schema.properties.code.enum ?? []
  })
}
