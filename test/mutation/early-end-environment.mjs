/**
 * Runs only the tests it is told to, ends a test file at its first failure, and keeps which functions each test has
 * entered. Both ends stand in the jest child: `globalThis` here is not the tests' own.
 */
import { TestEnvironment } from 'jest-environment-node'

/**
 * @typedef {object} Orders
 * @property {string[]} [only] full names of tests; without it, all
 * @property {boolean} endEarly at the first failure
 * @property {number} testLimitMs how long one test may take
 * @property {Record<string, string[]>} reached by test: the notes it has left; '' for what runs before the tests
 *
 * @typedef {{ errors: unknown[], name: string, parent?: TestEntry }} TestEntry
 */

/** This command builds the project, and a mutant would wait for that. */
const FAST = /^(?!.*as npm run audit:verify)/

export const shared = /** @type {{ mutationOrders?: Orders }} */ (/** @type {unknown} */ (globalThis))

export default class EarlyEndEnvironment extends TestEnvironment {
  /** @type {Map<string, Set<string>>} */
  #byTest = new Map()
  /** Functions that the current test has entered. Between tests they are kept under an empty name. */
  #entered = this.#enteredBy('')

  /** @override */
  async setup() {
    await super.setup()
    Object.assign(this.global, { mutationNote: (/** @type {string} */ place) => this.#entered.add(place) })
  }

  /** @override */
  async teardown() {
    const { mutationOrders: orders } = shared
    for (const [test, places] of this.#byTest) if (orders) orders.reached[test] = [...places]
    await super.teardown()
  }

  /**
   * @param {{ name: string, test?: TestEntry }} event
   * @param {{ testNamePattern?: RegExp | null, testTimeout: number }} state
   */
  handleTestEvent(event, state) {
    const orders = shared.mutationOrders
    if (event.name === 'run_start' && orders) {
      state.testTimeout = orders.testLimitMs
      state.testNamePattern = orders.only ? anyOf(orders.only) : FAST
    }
    if (event.name === 'test_start' && event.test) this.#entered = this.#enteredBy(fullName(event.test))
    if (event.name !== 'test_done') return
    this.#entered = this.#enteredBy('')
    if (shared.mutationOrders?.endEarly && event.test?.errors.length) state.testNamePattern = /^\b$/
  }

  /** @param {string} test */
  #enteredBy(test) {
    const places = this.#byTest.get(test) ?? new Set()
    this.#byTest.set(test, places)
    return places
  }
}

/** @param {string[]} names */
function anyOf(names) {
  return new RegExp(`^(?:${names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})$`)
}

/**
 * @param {TestEntry} test
 * @returns {string} as jest matches it with a pattern
 */
function fullName(test) {
  const names = [test.name]
  for (let block = test.parent; block?.parent; block = block.parent) names.unshift(block.name)
  return names.join(' ')
}
