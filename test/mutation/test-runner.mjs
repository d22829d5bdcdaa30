/**
 * A jest that stays warm in a child process, with a limit for each order and a new child where one hangs or has grown.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Each run of a test file leaves something behind in its process. */
const mostBytes = 1.2e9

/** @typedef {import('./jest-child.mjs').Answer} Answer */

export class TestRunner {
  #root
  #env
  /** @type {Promise<import('node:child_process').ChildProcess> | undefined} */
  #child
  /** The sum over all finished orders. */
  cpuMs = 0

  /**
   * @param {string} root the copy of the project
   * @param {NodeJS.ProcessEnv} env
   */
  constructor(root, env) {
    this.#root = root
    this.#env = env
  }

  /**
   * @param {import('./jest-child.mjs').Order} order
   * @param {number} limitMs
   * @returns {Promise<Answer | 'timeout'>}
   */
  async run(order, limitMs) {
    const child = await (this.#child ??= this.#start())
    /** @type {Answer | 'timeout'} */
    const answer = await new Promise((resolve) => {
      const done = (/** @type {unknown} */ result) => {
        clearTimeout(timer)
        child.off('message', done).off('exit', failed)
        resolve(/** @type {Answer | 'timeout'} */ (result))
      }
      const failed = () => done(crash)
      const timer = setTimeout(() => done('timeout'), limitMs)
      child.once('message', done).once('exit', failed)
      child.send(order)
    })
    if (answer !== 'timeout') this.cpuMs += answer.cpuMs
    if (answer === 'timeout' || answer === crash || answer.memoryBytes > mostBytes) await this.stop()
    return answer
  }

  async stop() {
    const child = await this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }

  async #start() {
    const child = fork(join(this.#root, 'test/mutation/jest-child.mjs'), {
      cwd: this.#root,
      env: this.#env,
      execArgv: ['--experimental-vm-modules', '--no-warnings'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    await once(child, 'message')
    return child
  }
}

/** A mutant that takes the process with it. @type {Answer} */
const crash = {
  passed: false,
  ms: 0,
  cpuMs: 0,
  tests: {},
  reached: {},
  memoryBytes: 0,
  failure: 'the process ended',
}
