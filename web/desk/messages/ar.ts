import admin from './ar/admin.json'
import composer from './ar/composer.json'
import faults from './ar/faults.json'
import feeds from './ar/feeds.json'
import frame from './ar/frame.json'
import health from './ar/health.json'
import invitation from './ar/invitation.json'
import lines from './ar/lines.json'
import people from './ar/people.json'
import receipts from './ar/receipts.json'
import signIn from './ar/sign-in.json'
import views from './ar/views.json'

/** All texts of the desk in Arabic, a file for each room. */
export const ar = {
  ...admin,
  ...composer,
  ...faults,
  ...feeds,
  ...frame,
  ...health,
  ...invitation,
  ...lines,
  ...people,
  ...receipts,
  ...signIn,
  ...views,
}
