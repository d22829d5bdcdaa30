import type { Request, Response } from 'express'
import type { People } from '../../people/people.ts'
import { atLeast, type Role } from '../../protocol/lists/roles.ts'
import { partnerOfKey } from '../../partners/partner-keys.ts'
import {
  bearerOf,
  missingStep,
  nobody,
  sessionOf,
  whoCalls,
  type Caller,
  type Principal,
} from './principal.ts'
import { Problem } from '../../platform/problem.ts'
import type { RateLimits } from './rate-limits.ts'
import { refuseOtherSites } from './same-origin.ts'
import { runMiddleware } from './run-middleware.ts'

/** The role that a route needs, and whether its calls are counted against the limits. */
export interface Needs {
  /**
   * The least role that may call the route, in the feed of its path, or else in `*`. `anybody` needs no sign-in,
   * `partner` the key of a partner.
   */
  readonly role: Role | 'signed-in' | 'anybody' | 'partner'
  /** A withdrawal is never delayed by a limit. */
  readonly unlimited?: true
}

/** The caller, where the caller's role and the limits allow the call. Errors: Problem. */
export function admit(
  people: People,
  limits: RateLimits,
  needs: Needs,
): (req: Request, res: Response) => Promise<Caller> {
  if (needs.role === 'anybody') return admitAnybody(people, limits)
  return needs.role === 'partner' ? admitPartner(people, limits) : admitKnown(people, limits, needs)
}

/** Whether the caller's role allows the call in this feed, or in `*` where the path has no feed. */
export function mayCall({ role }: Needs, who: Principal | undefined, feed = '*'): boolean {
  if (who === undefined || role === 'partner') return false
  return role === 'anybody' || role === 'signed-in' || atLeast(who.roleIn(feed), role)
}

function admitKnown(people: People, limits: RateLimits, needs: Needs) {
  return async (req: Request, res: Response): Promise<Caller> => {
    const caller = await whoCalls(people, req).catch(async (error: unknown) => {
      if (error instanceof Problem) await runMiddleware(limits.failedLogins, req, res)
      throw error
    })
    if (!caller) {
      await runMiddleware(limits.failedLogins, req, res)
      const detail = await missingStep(people, req)
      throw new Problem('unauthenticated', {
        headers: { 'WWW-Authenticate': 'Bearer realm="flashline"' },
        ...(detail !== undefined && { extra: { detail } }),
      })
    }
    res.locals.credential = caller.who.credential
    const { feed } = req.params as Record<string, string>
    const isAllowed = mayCall(needs, caller.who, feed)
    // A refused request counts too, so that a key or session cannot try without a limit.
    if (!needs.unlimited || !isAllowed) await runMiddleware(limits.requests, req, res)
    if (!isAllowed) {
      const where = feed === undefined ? '' : ' in this feed'
      throw new Problem('forbidden', { extra: { detail: `This needs the role ${needs.role}${where}.` } })
    }
    return caller
  }
}

function admitPartner(people: People, limits: RateLimits) {
  return async (req: Request, res: Response): Promise<Caller> => {
    const key = bearerOf(req)
    const partner = key === undefined ? undefined : await partnerOfKey(people, key)
    if (!partner) {
      await runMiddleware(limits.failedLogins, req, res)
      throw new Problem('partner-refused', { headers: { 'WWW-Authenticate': 'Bearer realm="flashline"' } })
    }
    res.locals.partner = partner.partner
    await runMiddleware(limits.partners, req, res)
    return { who: nobody, partner }
  }
}

function admitAnybody(people: People, limits: RateLimits) {
  return async (req: Request, res: Response): Promise<Caller> => {
    await runMiddleware(limits.strangers, req, res)
    refuseOtherSites(req)
    const session = await sessionOf(people, req)
    return { who: nobody, ...(session && { session }) }
  }
}
