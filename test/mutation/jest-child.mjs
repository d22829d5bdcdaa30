/**
 * Runs test files of a copy of the project, one order after the other. The parent ends it when an order hangs.
 */
import { join } from 'node:path'
import { runCLI } from 'jest'
import { shared } from './early-end-environment.mjs'

/**
 * @typedef {object} Order
 * @property {string} test
 * @property {string[]} [only] full names of its tests
 * @property {number} testLimitMs
 * @property {boolean} endEarly at the first failure
 *
 * @typedef {object} Answer
 * @property {boolean} passed
 * @property {number} ms
 * @property {number} cpuMs of this process
 * @property {Record<string, number>} tests that have passed: ms by full name
 * @property {Record<string, string[]>} reached
 * @property {string} [failure]
 * @property {number} memoryBytes
 */

const root = process.cwd()
const options = {
  _: /** @type {string[]} */ ([]),
  $0: 'jest',
  config: JSON.stringify({
    ...(await import(join(root, 'jest.config.mjs'))).default,
    rootDir: root,
    testEnvironment: join(root, 'test/mutation/early-end-environment.mjs'),
    setupFiles: [join(root, 'test/mutation/fixed-seed.mjs')],
    // The check of every answer against the OpenAPI document would load most of the service into each test.
    setupFilesAfterEnv: [],
    cacheDirectory: join(root, '.jest'),
    reporters: [],
  }),
  runInBand: true,
  runTestsByPath: true,
  watchman: false,
  silent: true,
  ci: true,
}

process.on('message', (order) => {
  void run(/** @type {Order} */ (order)).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit())
process.send?.('ready')

/**
 * @param {Order} order
 * @returns {Promise<Answer>}
 */
async function run({ test, only, testLimitMs, endEarly }) {
  /** @type {import('./early-end-environment.mjs').Orders} */
  const orders = { reached: {}, testLimitMs, endEarly, ...(only && { only }) }
  shared.mutationOrders = orders
  const begun = performance.now()
  const cpu = process.cpuUsage()
  // Jest's types ask for every option there is.
  const { results } = await runCLI(/** @type {any} */ ({ ...options, _: [test] }), [root])
  const [file] = results.testResults
  const passed = file?.testResults.filter(({ status }) => status === 'passed') ?? []
  return {
    passed: results.success && results.numTotalTests > 0,
    ms: performance.now() - begun,
    cpuMs: cpuMsSince(cpu),
    tests: Object.fromEntries(passed.map((one) => [one.fullName, one.duration ?? 0])),
    reached: orders.reached,
    memoryBytes: process.memoryUsage().rss,
    ...(!results.success && { failure: file?.failureMessage ?? 'no test file ran' }),
  }
}

/** @param {NodeJS.CpuUsage} before */
function cpuMsSince(before) {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
