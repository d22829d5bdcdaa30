/**
 * Writes the counts of a test run to the file TEST_SUMMARY_FILE, for the last line of `npm test`.
 */
import { writeFileSync } from 'node:fs'

export default class SummaryReporter {
  /**
   * @param {unknown} _contexts
   * @param {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number }} results
   */
  onRunComplete(_contexts, results) {
    const file = process.env['TEST_SUMMARY_FILE']
    if (!file) return
    // A test file that cannot be loaded counts as one failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    writeFileSync(file, JSON.stringify({ passed: results.numPassedTests, failed }))
  }
}
