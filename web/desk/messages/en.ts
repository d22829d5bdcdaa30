import account from './en/account.json'
import admin from './en/admin.json'
import archive from './en/archive.json'
import audit from './en/audit.json'
import charts from './en/charts.json'
import composer from './en/composer.json'
import faults from './en/faults.json'
import feeds from './en/feeds.json'
import frame from './en/frame.json'
import health from './en/health.json'
import invitation from './en/invitation.json'
import lines from './en/lines.json'
import people from './en/people.json'
import queues from './en/queues.json'
import receipts from './en/receipts.json'
import signIn from './en/sign-in.json'
import views from './en/views.json'

/** All texts of the desk in English, a file for each room. */
export const en = {
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
