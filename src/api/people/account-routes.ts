import { z } from 'zod'
import type { Account } from '../../people/account.ts'
import {
  approveRoles,
  changeRoles,
  failedSignIns,
  listAccounts,
  readAccount,
  removeAccount,
  setDisabled,
} from '../../people/administration.ts'
import type { People } from '../../people/people.ts'
import { actBy } from '../../people/principal.ts'
import { rolesChangeSchema } from '../../protocol/people-requests.ts'
import { stoppedMember, stoppedSchema, tells, type StoppedLines } from '../duties/stopped-lines.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import type { Answer } from '../http/answer.ts'
import { etagOf, seenVersion } from '../http/conditions.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'
import { accountSchema, shownAccount } from './account-answer.ts'
import { approvedOrProblem, orProblem } from './or-problem.ts'
import { requireSecondFactor } from './require-second-factor.ts'
import { refuseUnknownFeeds } from './refuse-unknown-feeds.ts'

const path = '/v1/accounts/{account}'
const disabledSchema = accountSchema.extend(stoppedMember)
const listedSchema = accountSchema.extend({
  failedSignIns: z.int().optional().describe('Wrong passwords within 15 minutes, from the tenth on'),
})
const removed = { description: 'Its sessions and keys are not valid any more, and no headline of it waited' }
const removedWithLines = {
  description: 'Removed; headlines of the person waited, and are `needs-decision` now',
  schema: stoppedSchema,
}
const account = {
  description: 'The account after the change',
  schema: accountSchema,
  headers: ['ETag'],
} as const

/** Routes by which admins change the accounts of other people. */
export function accountRoutes(deps: ApiDeps): Route[] {
  const { people, store, duties } = deps
  return [
    route({
      method: 'get',
      path: '/v1/accounts',
      operationId: 'listAccounts',
      tag: 'accounts',
      summary: 'List the accounts',
      role: 'admin',
      answers: {
        200: { description: 'Oldest first', schema: z.object({ accounts: z.array(listedSchema) }) },
      },
      problems: [],
      async handle() {
        const accounts = await Promise.all(
          (await listAccounts(people)).map(async (each) => {
            const failures = await failedSignIns(people, each)
            return {
              ...shownAccount(people, each),
              ...(failures !== undefined && { failedSignIns: failures }),
            }
          }),
        )
        return { status: 200, body: { accounts } }
      },
    }),
    route({
      method: 'delete',
      path,
      operationId: 'removeAccount',
      tag: 'accounts',
      summary: 'Remove an account',
      role: 'admin',
      answers: {
        200: removedWithLines,
        202: { ...account, description: 'The removal of an admin waits for a second admin' },
        204: removed,
      },
      problems: ['no-such-account', 'last-admin', 'last-but-one-admin'],
      async handle(call) {
        const id = accountOf(call)
        const { result: waiting, stopped } = await duties.during(
          { why: 'account-removed', person: id },
          actBy(actorOf(call)),
          async (note) => orProblem(await removeAccount(people, actorOf(call), id, [note])),
        )
        return waiting ? answerOf(people, waiting, 202) : removalAnswer(stopped)
      },
    }),
    route({
      method: 'post',
      path: `${path}/roles`,
      operationId: 'setRoles',
      tag: 'accounts',
      summary: 'Change the roles of an account',
      role: 'admin',
      body: rolesChangeSchema,
      answers: { 200: account, 202: { ...account, description: 'The roles wait for a second admin' } },
      problems: [
        'no-such-account',
        'unknown-feed',
        'second-factor-required',
        'last-admin',
        'last-but-one-admin',
      ],
      async handle(call) {
        await refuseUnknownFeeds(store, call.body.roles)
        const before = (await readAccount(people, accountOf(call)))?.roles
        await requireSecondFactor(store, call.who, call.body.roles, before)
        const changed = orProblem(await changeRoles(people, actorOf(call), accountOf(call), call.body.roles))
        return answerOf(people, changed, changed.proposal ? 202 : 200)
      },
    }),
    route({
      method: 'post',
      path: `${path}/approve`,
      operationId: 'approveRoles',
      tag: 'accounts',
      summary: 'Approve the roles, or the removal, that wait for a second admin',
      role: 'admin',
      ifMatch: 'required',
      answers: {
        200: {
          ...account,
          description: 'The account after the change; or the headlines of a removed person that waited',
          schema: z.union([accountSchema, stoppedSchema]),
        },
        204: removed,
      },
      problems: [
        'no-such-account',
        'stale-version',
        'second-factor-required',
        'nothing-to-approve',
        'self-approval',
        'last-admin',
        'last-but-one-admin',
      ],
      async handle(call) {
        const id = accountOf(call)
        const { roles, proposal } = (await readAccount(people, id)) ?? {}
        await requireSecondFactor(store, call.who, proposal?.roles, roles)
        const current = async () => {
          const present = await readAccount(people, id)
          return present && shownAccount(people, present)
        }
        // Only a removal writes the note.
        const { result: approved, stopped } = await duties.during(
          { why: 'account-removed', person: id },
          actBy(actorOf(call)),
          async (note) => {
            const seen = seenVersion(call.headers)
            const outcome = await approveRoles(people, actorOf(call), id, seen, [note])
            return approvedOrProblem(people, call, outcome, current)
          },
        )
        return approved ? answerOf(people, approved) : removalAnswer(stopped)
      },
    }),
    ...([true, false] as const).map((disabled) =>
      route({
        method: 'post',
        path: `${path}/${disabled ? 'disable' : 'enable'}`,
        operationId: disabled ? 'disableAccount' : 'enableAccount',
        tag: 'accounts',
        summary: disabled
          ? 'Disable an account; its sessions and keys are not valid any more'
          : 'Enable an account again',
        role: 'admin',
        answers: { 200: disabled ? { ...account, schema: disabledSchema } : account },
        problems: ['no-such-account', 'last-admin', 'second-factor-required'],
        async handle(call) {
          if (disabled) return disable(deps, call)
          const id = accountOf(call)
          await requireSecondFactor(store, call.who, (await readAccount(people, id))?.roles)
          return answerOf(people, orProblem(await setDisabled(people, actorOf(call), id, false)))
        },
      }),
    ),
  ]
}

async function disable({ people, duties }: ApiDeps, call: Call<unknown>): Promise<Answer> {
  const id = accountOf(call)
  const { result, stopped } = await duties.during(
    { why: 'account-disabled', person: id },
    actBy(actorOf(call)),
    async (note) => orProblem(await setDisabled(people, actorOf(call), id, true, [note])),
  )
  const { body, ...answer } = answerOf(people, result)
  return { ...answer, body: { ...(body as object), ...(tells(stopped) && { stopped }) } }
}

function removalAnswer(stopped: StoppedLines): Answer {
  return tells(stopped) ? { status: 200, body: { stopped } } : { status: 204 }
}

function accountOf({ params }: Call<unknown>): string {
  return params.account ?? ''
}

function answerOf(people: People, from: Account, status = 200): Answer {
  return { status, headers: { ETag: etagOf(from.version) }, body: shownAccount(people, from) }
}
