/**
 * Writes the counts of a test run, and the files with failed tests, to the file TEST_SUMMARY_FILE for `npm test`.
 */
import { writeFileSync } from 'node:fs'

/**
 * @typedef {{ testFilePath: string, numPassingTests: number, numFailingTests: number, testExecError?: unknown }} FileResult
 */

/** @param {FileResult} result */
function isFailed({ numFailingTests, testExecError }) {
  return numFailingTests > 0 || testExecError !== undefined
}

export default class SummaryReporter {
  /**
   * @param {unknown} _contexts
   * @param {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number, testResults: FileResult[] }} results
   */
  onRunComplete(_contexts, results) {
    const file = process.env['TEST_SUMMARY_FILE']
    if (!file) return
    // A test file that cannot be loaded counts as one failure.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const failedFiles = results.testResults.filter(isFailed).map((result) => ({
      path: result.testFilePath,
      passed: result.numPassingTests,
      failed: result.numFailingTests + (result.testExecError ? 1 : 0),
    }))
    writeFileSync(file, JSON.stringify({ passed: results.numPassedTests, failed, failedFiles }))
  }
}
