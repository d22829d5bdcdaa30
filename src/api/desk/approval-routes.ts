import { z } from 'zod'
import { allowedActions } from '../../desk/permission.ts'
import { listFeedIds } from '../../eventlog/feeds/feeds.ts'
import { feedsThatAre } from '../../eventlog/feeds/feed-sides.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import { findHeadlines } from '../../eventlog/find-headlines.ts'
import { readSummaries } from '../../eventlog/read-summaries.ts'
import { makersToApprove } from '../../partners/partner.ts'
import { listPartners } from '../../partners/partners.ts'
import { listAccounts } from '../../people/administration.ts'
import { listKeys } from '../../people/api-keys.ts'
import { listInvitations } from '../../people/invitations.ts'
import { openRecovery } from '../../people/recovery.ts'
import { atLeast } from '../../protocol/lists/roles.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { deskActor, deskHeadline } from '../headlines/desk-headline.ts'
import type { Principal } from '../http/principal.ts'
import { route, type Route } from '../http/route.ts'

/** Protects the answer: a feed with more headlines to look at shows the newest ones. */
const MAX_HEADLINES = 500

const approvalSchema = z
  .object({
    kind: z.enum(['headline', 'policy', 'roles', 'recovery', 'key', 'invitation', 'partner']),
    feed: z.string().optional(),
    drill: z.literal(true).optional().describe('The feed is a drill'),
    id: z.string().optional().describe('The headline, account, key, invitation or partner'),
    name: z.string().describe('The text of the headline, the name or the email'),
    version: z.int().describe('For `If-Match` of the approval'),
    by: z.string().describe('The person who asks for the approval'),
    approve: z.string().describe('The path of the approval (POST)'),
    mayApprove: z.boolean().describe('The caller may approve it now'),
  })
  .meta({ id: 'Approval' })
type Approval = z.output<typeof approvalSchema>

export function approvalRoutes(deps: ApiDeps): Route[] {
  const { store } = deps
  return [
    route({
      method: 'get',
      path: '/v1/approvals',
      operationId: 'listApprovals',
      tag: 'desk',
      summary:
        'List all headlines, policies, roles, recoveries, keys, invitations and partners that wait for a second person',
      role: 'signed-in',
      answers: {
        200: {
          description: 'What the role of the caller lets the caller see, feed by feed',
          schema: z.object({ approvals: z.array(approvalSchema) }),
        },
      },
      problems: [],
      async handle({ who }) {
        const feeds = await listFeedIds(store)
        const found = await Promise.all([
          inEachFeed(store, feeds, 'headlines', (feed) => headlinesIn(deps, who, feed)),
          inEachFeed(store, feeds, 'policy', (feed) => policyOf(deps, who, feed)),
          peopleAndKeys(deps, who),
        ])
        const drills = new Set(await feedsThatAre(store, 'drill'))
        const approvals = found.flat(2).map((each): Approval => ({
          ...each,
          ...(each.feed !== undefined && drills.has(each.feed) && { drill: true }),
        }))
        return { status: 200, body: { approvals } }
      },
    }),
  ]
}

async function headlinesIn({ store }: ApiDeps, who: Principal, feed: string): Promise<Approval[]> {
  if (!atLeast(who.roleIn(feed), 'reporter')) return []
  const query = { statuses: ['pending', 'live', 'held'] as const, words: [], attention: false }
  const [{ found }, { policy }] = await Promise.all([
    findHeadlines(store, feed, query, MAX_HEADLINES),
    readPolicy(store, feed),
  ])
  const summaries = await readSummaries(
    store,
    feed,
    found.map(({ id }) => id),
  )
  return summaries.flatMap((summary) => {
    const { proposal } = summary?.desk ?? {}
    if (!summary || (summary.status !== 'pending' && !proposal)) return []
    const { id, version, desk, content } = summary
    const allowed = allowedActions(deskHeadline({ ...summary, versions: [] }), deskActor(who, feed), policy)
    return [
      {
        kind: 'headline',
        feed,
        id,
        name: (proposal?.content ?? content)?.text ?? '',
        version,
        by: proposal?.submittedBy ?? desk?.submittedBy ?? desk?.createdBy ?? '',
        approve: `/v1/feeds/${feed}/headlines/${id}/approve`,
        mayApprove: allowed.includes('approve'),
      },
    ]
  })
}

async function policyOf({ store }: ApiDeps, who: Principal, feed: string): Promise<Approval[]> {
  if (!atLeast(who.roleIn(feed), 'chief')) return []
  const { version, proposal } = await readPolicy(store, feed)
  if (!proposal) return []
  const { by } = proposal
  const approve = `/v1/feeds/${feed}/policy/approve`
  return [{ kind: 'policy', feed, name: feed, version, by, approve, mayApprove: by !== who.person }]
}

async function peopleAndKeys({ people }: ApiDeps, who: Principal): Promise<Approval[]> {
  if (!atLeast(who.roleIn('*'), 'admin')) return []
  const [accounts, keys, invitations, partners] = await Promise.all([
    listAccounts(people),
    listKeys(people),
    listInvitations(people),
    listPartners(people),
  ])
  return [
    ...accounts.flatMap(({ id, name, version, proposal }): Approval[] => {
      if (!proposal) return []
      const mayApprove = ![proposal.by, id].includes(who.person)
      return [
        {
          kind: 'roles',
          id,
          name,
          version,
          by: proposal.by,
          approve: `/v1/accounts/${id}/approve`,
          mayApprove,
        },
      ]
    }),
    ...accounts.flatMap((account): Approval[] => {
      const { id, name, version } = account
      const { waitsFor, tokens = [] } = openRecovery(people, account) ?? {}
      if (waitsFor === undefined) return []
      const by = tokens[0]?.by ?? ''
      const mayApprove = ![by, id].includes(who.person)
      return [
        {
          kind: 'recovery',
          id,
          name,
          version,
          by,
          approve: `/v1/accounts/${id}/recovery/approve`,
          mayApprove,
        },
      ]
    }),
    ...keys.flatMap(({ id, name, version, owner, waitsFor }): Approval[] => {
      if (waitsFor === undefined) return []
      const mayApprove = owner !== who.person
      return [{ kind: 'key', id, name, version, by: owner, approve: `/v1/keys/${id}/approve`, mayApprove }]
    }),
    ...invitations.flatMap(({ id, email, version, by, waitsFor }): Approval[] => {
      if (waitsFor === undefined) return []
      const approve = `/v1/invitations/${id}/approve`
      return [{ kind: 'invitation', id, name: email, version, by, approve, mayApprove: by !== who.person }]
    }),
    ...partners.flatMap((partner): Approval[] => {
      const { id, settings, version } = partner
      const makers = makersToApprove(partner)
      if (makers.length === 0) return []
      const [by = ''] = makers
      const mayApprove = !makers.includes(who.person)
      const approve = `/v1/partners/${id}/approve`
      return [{ kind: 'partner', id, name: settings.name, version, by, approve, mayApprove }]
    }),
  ]
}
