import composer from './ar/composer.json'
import faults from './ar/faults.json'
import frame from './ar/frame.json'
import health from './ar/health.json'
import lines from './ar/lines.json'
import receipts from './ar/receipts.json'
import signIn from './ar/sign-in.json'

/** All texts of the desk in Arabic, a file for each room. */
export const ar = { ...composer, ...faults, ...frame, ...health, ...lines, ...receipts, ...signIn }
