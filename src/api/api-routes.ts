import { approvalRoutes } from './desk/approval-routes.ts'
import { duplicateRoutes } from './composing/duplicate-routes.ts'
import { scratchRoutes } from './composing/scratch-routes.ts'
import { templateRoutes } from './composing/template-routes.ts'
import { asOfRoutes } from './desk/as-of-routes.ts'
import { auditRoutes } from './desk/audit-routes.ts'
import { deskRoutes } from './desk/desk-routes.ts'
import { presenceRoutes } from './desk/presence-routes.ts'
import { editionActRoutes } from './editions/edition-act-routes.ts'
import { editionRoutes } from './editions/edition-routes.ts'
import { feedRoutes } from './feeds/feed-routes.ts'
import { freezeRoutes } from './feeds/freeze-routes.ts'
import { policyRoutes } from './feeds/policy-routes.ts'
import { retentionRoutes } from './feeds/retention-routes.ts'
import { presentationRoutes } from './feeds/presentation-routes.ts'
import { exportRoutes } from './headlines/export-routes.ts'
import { headlineRoutes } from './headlines/headline-routes.ts'
import { listRoutes } from './headlines/list-routes.ts'
import { retractRoutes } from './headlines/retract-routes.ts'
import { storyRoutes } from './headlines/story-routes.ts'
import { accountSessionRoutes } from './people/account-session-routes.ts'
import { accountRoutes } from './people/account-routes.ts'
import { invitationRoutes } from './people/invitation-routes.ts'
import { keyRoutes } from './people/key-routes.ts'
import { ownAccountRoutes } from './people/own-account-routes.ts'
import { recoveryRoutes } from './people/recovery-routes.ts'
import { sessionRoutes } from './people/session-routes.ts'
import { ssoRoutes } from './people/sso-routes.ts'
import { asRunRoutes } from './on-air/as-run-routes.ts'
import { outputRoutes } from './on-air/output-routes.ts'
import { partnerKeyRoutes } from './partners/partner-key-routes.ts'
import { partnerRoutes } from './partners/partner-routes.ts'
import { recallRoutes } from './partners/recall-routes.ts'
import { tokenRoutes } from './partners/token-routes.ts'
import { usageRoutes } from './partners/usage-routes.ts'
import { webhookRoutes } from './partners/webhook-routes.ts'
import { queueRoutes } from './queues/queue-routes.ts'
import { receiptRoutes } from './receipts/receipt-routes.ts'
import { seriesRoutes } from './receipts/series-routes.ts'
import type { ApiDeps } from './http/api-deps.ts'
import type { Route } from './http/route.ts'

/** All routes of the api. */
export function apiRoutes(deps: ApiDeps): Route[] {
  return [
    ...feedRoutes(deps),
    // Before the route of a headline, which takes any word as an id.
    ...exportRoutes(deps),
    ...headlineRoutes(deps),
    ...listRoutes(deps),
    ...auditRoutes(deps),
    ...asOfRoutes(deps),
    ...approvalRoutes(deps),
    ...keyRoutes(deps),
    ...partnerRoutes(deps),
    ...partnerKeyRoutes(deps),
    ...webhookRoutes(deps),
    ...recallRoutes(deps),
    ...usageRoutes(deps),
    ...tokenRoutes(deps),
    ...asRunRoutes(deps),
    ...outputRoutes(deps),
    ...receiptRoutes(deps),
    ...seriesRoutes(deps),
    ...queueRoutes(deps),
    ...deskRoutes(deps),
    ...presenceRoutes(deps),
    ...sessionRoutes(deps),
    ...ownAccountRoutes(deps),
    ...accountRoutes(deps),
    ...recoveryRoutes(deps),
    ...accountSessionRoutes(deps),
    ...invitationRoutes(deps),
    ...ssoRoutes(deps),
    ...retractRoutes(deps),
    ...storyRoutes(deps),
    ...editionRoutes(deps),
    ...editionActRoutes(deps),
    ...policyRoutes(deps),
    ...retentionRoutes(deps),
    ...presentationRoutes(deps),
    ...freezeRoutes(deps),
    ...duplicateRoutes(deps),
    ...scratchRoutes(deps),
    ...templateRoutes(deps),
  ]
}
