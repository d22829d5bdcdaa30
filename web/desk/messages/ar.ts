import account from './ar/account.json'
import admin from './ar/admin.json'
import archive from './ar/archive.json'
import audit from './ar/audit.json'
import charts from './ar/charts.json'
import composer from './ar/composer.json'
import faults from './ar/faults.json'
import feeds from './ar/feeds.json'
import frame from './ar/frame.json'
import health from './ar/health.json'
import invitation from './ar/invitation.json'
import lines from './ar/lines.json'
import people from './ar/people.json'
import queues from './ar/queues.json'
import receipts from './ar/receipts.json'
import signIn from './ar/sign-in.json'
import views from './ar/views.json'

/** All texts of the desk in Arabic, a file for each room. */
export const ar = {
  ...account,
  ...admin,
  ...archive,
  ...audit,
  ...charts,
  ...composer,
  ...faults,
  ...feeds,
  ...frame,
  ...health,
  ...invitation,
  ...lines,
  ...people,
  ...queues,
  ...receipts,
  ...signIn,
  ...views,
}
