import account from './es/account.json'
import admin from './es/admin.json'
import archive from './es/archive.json'
import audit from './es/audit.json'
import charts from './es/charts.json'
import composer from './es/composer.json'
import faults from './es/faults.json'
import feeds from './es/feeds.json'
import frame from './es/frame.json'
import health from './es/health.json'
import invitation from './es/invitation.json'
import lines from './es/lines.json'
import people from './es/people.json'
import queues from './es/queues.json'
import receipts from './es/receipts.json'
import signIn from './es/sign-in.json'
import views from './es/views.json'

/** All texts of the desk in Spanish, a file for each room. */
export const es = {
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
