import account from './es/account.json' with { type: 'json' }
import admin from './es/admin.json' with { type: 'json' }
import archive from './es/archive.json' with { type: 'json' }
import audit from './es/audit.json' with { type: 'json' }
import charts from './es/charts.json' with { type: 'json' }
import composer from './es/composer.json' with { type: 'json' }
import editions from './es/editions.json' with { type: 'json' }
import faults from './es/faults.json' with { type: 'json' }
import feeds from './es/feeds.json' with { type: 'json' }
import frame from './es/frame.json' with { type: 'json' }
import health from './es/health.json' with { type: 'json' }
import invitation from './es/invitation.json' with { type: 'json' }
import lines from './es/lines.json' with { type: 'json' }
import outputs from './es/outputs.json' with { type: 'json' }
import partners from './es/partners.json' with { type: 'json' }
import people from './es/people.json' with { type: 'json' }
import queues from './es/queues.json' with { type: 'json' }
import receipts from './es/receipts.json' with { type: 'json' }
import signIn from './es/sign-in.json' with { type: 'json' }
import views from './es/views.json' with { type: 'json' }
import webhooks from './es/webhooks.json' with { type: 'json' }

/** All texts of the desk in Spanish, a file for each room. */
export const es = {
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
