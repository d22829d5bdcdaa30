import { z } from 'zod'
import { isWider, ruleIsOn } from '../../desk/policy.ts'
import { stricterLevels } from '../../desk/stops.ts'
import { noteOf } from '../../eventlog/duties/duty.ts'
import type { Write } from '../../eventlog/store/compare-and-write.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { readPolicy, writePolicy, type PolicyAction } from '../../eventlog/feeds/policy.ts'
import { actBy } from '../../people/principal.ts'
import { policySchema, storedPolicySchema, type Policy, type StoredPolicy } from '../../protocol/policy.ts'
import { roleIn } from '../../protocol/feed-roles.ts'
import { atLeast } from '../../protocol/lists/roles.ts'
import { stoppedMember, tells } from '../duties/stopped-lines.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import type { Answer } from '../http/answer.ts'
import { etagOf, seenVersion } from '../http/conditions.ts'
import { feedIdOf, existingFeedOf } from '../http/path-parameters.ts'
import { Problem } from '../../platform/problem.ts'
import { selfApprovalProblem } from '../http/self-approval-problem.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'

const path = '/v1/feeds/{feed}/policy'
const shared = { schema: storedPolicySchema, headers: ['ETag'] } as const
const inForce = {
  description: 'The policy is in force',
  schema: storedPolicySchema.extend(stoppedMember).meta({ id: 'SetPolicy' }),
  headers: ['ETag'],
} as const
const emptySchema = z.strictObject({})

export function policyRoutes(deps: ApiDeps): Route[] {
  const { store, clock } = deps
  return [
    route({
      method: 'get',
      path,
      operationId: 'getPolicy',
      tag: 'feeds',
      summary: "Read a feed's policy",
      role: 'reader',
      answers: { 200: { description: 'The ETag is the version, for If-Match', ...shared } },
      problems: ['no-such-feed'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        return answerOf(await readPolicy(store, feed))
      },
    }),
    route({
      method: 'put',
      path,
      operationId: 'setPolicy',
      tag: 'feeds',
      summary: "Set a feed's policy; where the two-person rule is on, a second person approves a wider one",
      role: 'chief',
      body: policySchema,
      ifMatch: 'required',
      answers: {
        200: inForce,
        202: { description: 'The policy is wider, and waits as `proposal`', ...shared },
      },
      problems: ['no-such-feed', 'stale-version', 'second-factor-required'],
      async handle(call) {
        const { policy } = await seenPolicy(store, call)
        if (isWider(policy, call.body)) requireSecondFactor(call, policy)
        if (!ruleIsOn(policy) || !isWider(policy, call.body)) {
          return inForceNow(deps, call, policy, call.body, 'policy')
        }
        const { person: by, name } = call.who
        const proposal = { policy: call.body, by, name, at: new Date(clock()).toISOString() }
        return answerOf(await written(deps, call, { policy, proposal }, 'policy-proposed'), 202)
      },
    }),
    route({
      method: 'post',
      path: `${path}/approve`,
      operationId: 'approvePolicy',
      tag: 'feeds',
      summary: 'Approve the proposed policy as a second person',
      role: 'chief',
      body: emptySchema,
      ifMatch: 'required',
      answers: { 200: inForce },
      problems: [
        'no-such-feed',
        'nothing-to-approve',
        'self-approval',
        'stale-version',
        'second-factor-required',
      ],
      async handle(call) {
        const { policy: current, proposal } = await seenPolicy(store, call)
        if (!proposal) throw new Problem('nothing-to-approve')
        if (proposal.by === call.who.person) throw await selfApproval(deps, feedIdOf(call), proposal.by)
        requireSecondFactor(call, current)
        const { policy } = proposal
        return inForceNow(deps, call, current, policy, 'policy-approved')
      },
    }),
  ]
}

function selfApproval({ people }: ApiDeps, feed: string, by: string): Promise<Problem> {
  return selfApprovalProblem(
    people,
    'chief',
    ({ id, roles }) => id !== by && atLeast(roleIn(roles, feed), 'chief'),
  )
}

/** Otherwise a session without a second factor could take the rule away that a flash needs one. Errors: Problem. */
function requireSecondFactor({ who }: Call<unknown>, { flashNeedsSecondFactor }: Policy): void {
  if (flashNeedsSecondFactor && !who.secondFactor) throw new Problem('second-factor-required')
}

/** The policy that the caller has seen, if it is still current. Errors: Problem, UnavailableError. */
async function seenPolicy(store: Store, call: Call<unknown>): Promise<StoredPolicy> {
  const seen = seenVersion(call.headers)
  const feed = await existingFeedOf(store, call)
  const current = await readPolicy(store, feed)
  if (current.version === seen) return current
  throw new Problem('stale-version', { extra: { current } })
}

/**
 * Sets the policy. Headlines that wait and that it does not let come out any more are put to a decision. Errors: Problem,
 * UnavailableError.
 */
async function inForceNow(
  deps: ApiDeps,
  call: Call<unknown>,
  before: Policy,
  policy: Policy,
  action: PolicyAction,
): Promise<Answer> {
  const { store, duties } = deps
  const alone = stricterLevels(before, policy)
  if (!alone) return answerOf(await written(deps, call, { policy }, action))
  const feed = feedIdOf(call)
  const duty = await duties.newDuty({ why: 'policy', alone }, actBy(actorOf(call)))
  const stored = await written(deps, call, { policy }, action, [noteOf(store, feed, duty)])
  const stopped = await duties.fulfil(feed, duty)
  const { body, ...answer } = answerOf(stored)
  return { ...answer, body: { ...(body as object), ...(tells(stopped) && { stopped }) } }
}

/** Errors: Problem, UnavailableError. */
async function written(
  { store }: ApiDeps,
  call: Call<unknown>,
  wanted: Omit<StoredPolicy, 'version'>,
  action: PolicyAction,
  notes: readonly Write[] = [],
): Promise<StoredPolicy> {
  const feed = feedIdOf(call)
  const seen = seenVersion(call.headers)
  const by = { action, act: actBy(actorOf(call)) }
  const outcome = await writePolicy(store, feed, seen, wanted, by, notes)
  if (outcome !== 'changed') return outcome
  throw new Problem('stale-version', { extra: { current: await readPolicy(store, feed) } })
}

function answerOf(stored: StoredPolicy, status = 200): Answer {
  return { status, headers: { ETag: etagOf(stored.version) }, body: stored }
}
