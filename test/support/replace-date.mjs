/** Loaded before a process: its `Date` is ahead by the seconds in the file CLOCK_OFFSET_FILE. */
import { readFileSync } from 'node:fs'

const TrueDate = Date
const now = () =>
  TrueDate.now() + Number(readFileSync(process.env['CLOCK_OFFSET_FILE'] ?? '', 'utf8')) * 1_000

globalThis.Date = /** @type {DateConstructor} */ (
  class extends TrueDate {
    /** @param {any[]} parts */
    constructor(...parts) {
      super(.../** @type {[number]} */ (parts.length === 0 ? [now()] : parts))
    }

    /** @override */
    static now() {
      return now()
    }
  }
)
