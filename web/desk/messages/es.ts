import composer from './es/composer.json'
import faults from './es/faults.json'
import frame from './es/frame.json'
import health from './es/health.json'
import lines from './es/lines.json'
import receipts from './es/receipts.json'
import signIn from './es/sign-in.json'

/** All texts of the desk in Spanish, a file for each room. */
export const es = { ...composer, ...faults, ...frame, ...health, ...lines, ...receipts, ...signIn }
