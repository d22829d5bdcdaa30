import { z } from 'zod'
import { sessionId, type LiveSession } from '../../people/sessions.ts'

export const listedSessionSchema = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  ip: z.string(),
  agent: z.string(),
  secondFactor: z.boolean(),
  current: z.boolean(),
})

/** A session in a list; `own`: the session of the request. */
export function listedSession(
  session: LiveSession,
  own: LiveSession | undefined,
): z.output<typeof listedSessionSchema> {
  const { createdAt, seenAt, ip, agent, secondFactor, hash } = session
  return {
    id: sessionId(session),
    createdAt: new Date(createdAt).toISOString(),
    seenAt: new Date(seenAt).toISOString(),
    ip,
    agent,
    secondFactor,
    current: hash === own?.hash,
  }
}
