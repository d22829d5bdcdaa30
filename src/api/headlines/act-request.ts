import { z } from 'zod'
import type { NewHeadline } from '../../desk/decision.ts'
import { actBy } from '../../people/principal.ts'
import type { newHeadlineSchema } from '../../protocol/desk-requests.ts'
import type { Action } from '../../protocol/lists/actions.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { onceOf } from '../http/conditions.ts'
import { readQuery } from '../http/read-query.ts'
import { actorOf, type Call } from '../http/route.ts'
import type { DoneAct } from './act-on-headline.ts'
import type { ActRequest } from './decide-and-save.ts'

export const forceSchema = z.object({
  force: z.literal('true').optional().describe('Release the headline although another one has the same text'),
})

/** The request of a call for one act on one headline. Errors: Problem. */
export function actRequestOf(
  call: Call<unknown>,
  target: { action: Action | 'post'; feed: string; id: string },
): ActRequest {
  const { headers, requestId, who, body, params } = call
  const { action, feed, id } = target
  const { reason } = body as { reason?: string }
  return {
    feed,
    id,
    who,
    act: { ...actBy(actorOf(call)), ...(reason !== undefined && { reason }) },
    once: onceOf({
      headers,
      requestId,
      credential: who.credential,
      feed,
      request: [action, params.id ?? '', body],
    }),
    force: readQuery(forceSchema, call).force !== undefined,
  }
}

export function newLineOf({
  then,
  releaseAt,
  embargoUntil,
  reason: _,
  ...content
}: z.output<typeof newHeadlineSchema>): NewHeadline {
  return {
    content,
    then,
    ...(releaseAt !== undefined && { releaseAt: Date.parse(releaseAt) }),
    ...(embargoUntil !== undefined && { embargoUntil: Date.parse(embargoUntil) }),
  }
}

export function logAccepted(
  { logger }: ApiDeps,
  { requestId }: Call<unknown>,
  { feed, who }: ActRequest,
  action: Action | 'post',
  { id, version, position, repeated }: DoneAct,
): void {
  const by = who.credential
  logger.info({ event: 'change-accepted', feed, id, version, action, position, repeated, by, requestId })
}
