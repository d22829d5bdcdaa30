import account from './ar/account.json' with { type: 'json' }
import admin from './ar/admin.json' with { type: 'json' }
import archive from './ar/archive.json' with { type: 'json' }
import audit from './ar/audit.json' with { type: 'json' }
import charts from './ar/charts.json' with { type: 'json' }
import composer from './ar/composer.json' with { type: 'json' }
import editions from './ar/editions.json' with { type: 'json' }
import faults from './ar/faults.json' with { type: 'json' }
import feeds from './ar/feeds.json' with { type: 'json' }
import frame from './ar/frame.json' with { type: 'json' }
import health from './ar/health.json' with { type: 'json' }
import invitation from './ar/invitation.json' with { type: 'json' }
import lines from './ar/lines.json' with { type: 'json' }
import outputs from './ar/outputs.json' with { type: 'json' }
import partners from './ar/partners.json' with { type: 'json' }
import people from './ar/people.json' with { type: 'json' }
import queues from './ar/queues.json' with { type: 'json' }
import receipts from './ar/receipts.json' with { type: 'json' }
import signIn from './ar/sign-in.json' with { type: 'json' }
import views from './ar/views.json' with { type: 'json' }
import webhooks from './ar/webhooks.json' with { type: 'json' }

/** All texts of the desk in Arabic, a file for each room. */
export const ar = {
  ...account,
  ...admin,
  ...archive,
  ...audit,
  ...charts,
  ...composer,
  ...editions,
  ...faults,
  ...feeds,
  ...frame,
  ...health,
  ...invitation,
  ...lines,
  ...outputs,
  ...partners,
  ...people,
  ...queues,
  ...receipts,
  ...signIn,
  ...views,
  ...webhooks,
}
