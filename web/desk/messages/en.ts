import account from './en/account.json' with { type: 'json' }
import admin from './en/admin.json' with { type: 'json' }
import archive from './en/archive.json' with { type: 'json' }
import audit from './en/audit.json' with { type: 'json' }
import charts from './en/charts.json' with { type: 'json' }
import composer from './en/composer.json' with { type: 'json' }
import editions from './en/editions.json' with { type: 'json' }
import faults from './en/faults.json' with { type: 'json' }
import feeds from './en/feeds.json' with { type: 'json' }
import frame from './en/frame.json' with { type: 'json' }
import health from './en/health.json' with { type: 'json' }
import invitation from './en/invitation.json' with { type: 'json' }
import lines from './en/lines.json' with { type: 'json' }
import outputs from './en/outputs.json' with { type: 'json' }
import partners from './en/partners.json' with { type: 'json' }
import people from './en/people.json' with { type: 'json' }
import queues from './en/queues.json' with { type: 'json' }
import receipts from './en/receipts.json' with { type: 'json' }
import signIn from './en/sign-in.json' with { type: 'json' }
import views from './en/views.json' with { type: 'json' }
import webhooks from './en/webhooks.json' with { type: 'json' }

/** All texts of the desk in English, a file for each room. */
export const en = {
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
