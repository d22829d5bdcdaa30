import composer from './en/composer.json'
import faults from './en/faults.json'
import frame from './en/frame.json'
import health from './en/health.json'
import lines from './en/lines.json'
import receipts from './en/receipts.json'
import signIn from './en/sign-in.json'

/** All texts of the desk in English, a file for each room. */
export const en = { ...composer, ...faults, ...frame, ...health, ...lines, ...receipts, ...signIn }
