import { z } from 'zod'
import type { People } from '../../people/people.ts'
import { latestEnd, type LiveSession, type OpenedSession } from '../../people/sessions.ts'
import { feedRolesSchema } from '../../protocol/feed-roles.ts'
import type { Answer } from '../http/answer.ts'
import { setCookie } from '../http/cookies.ts'
import { Problem } from '../../platform/problem.ts'
import type { Call } from '../http/route.ts'

export const sessionSchema = z
  .object({
    credential: z.string(),
    person: z.string(),
    name: z.string(),
    secondFactor: z.boolean(),
    email: z.string().optional(),
    roles: feedRolesSchema.optional(),
    csrfToken: z.string().optional().describe('For `X-CSRF-Token`, on every request that changes something'),
    endsAt: z.iso
      .datetime()
      .optional()
      .describe('The latest end; the session ends earlier when it is not used'),
  })
  .meta({ id: 'Session' })

export function shownSession(people: People, session: LiveSession): z.output<typeof sessionSchema> {
  const { owner, secondFactor, csrfToken } = session
  return {
    credential: `user:${owner.id}`,
    person: owner.id,
    name: owner.name,
    email: owner.email,
    roles: owner.roles,
    secondFactor,
    csrfToken,
    endsAt: new Date(latestEnd(people, session)).toISOString(),
  }
}

export function sessionCookie(people: People, session: OpenedSession, { secure }: Call<unknown>): string {
  return setCookie('session', session.token, latestEnd(people, session) - people.clock(), secure)
}

/** The answer with a new session. Errors: Problem for a session without its second factor, with its cookie. */
export function openedAnswer(people: People, session: OpenedSession, call: Call<unknown>): Answer {
  const headers = { 'Set-Cookie': sessionCookie(people, session, call) }
  if (session.half) throw new Problem('second-factor-required', { headers })
  return { status: 200, headers, body: shownSession(people, session) }
}
