/** Processes on cores of their own, where the system can do that. */
import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

const pinner = 'taskset'

/**
 * The contender has a core to itself; readers, publisher and Redis share the other.
 *
 * @typedef {{ server: number | undefined, others: number | undefined }} Cores
 */

/**
 * Puts this process, and so everything that it starts, on one core.
 *
 * @returns {Cores} undefined where nothing is pinned
 */
export function pinToCores() {
  const [server, others] = [0, 1]
  try {
    if (availableParallelism() < 2) return { server: undefined, others: undefined }
    execFileSync(pinner, ['-a', '-c', '-p', String(others), String(process.pid)], { stdio: 'ignore' })
    return { server, others }
  } catch {
    return { server: undefined, others: undefined }
  }
}

/**
 * @param {readonly string[]} command
 * @param {number | undefined} core
 * @returns {string[]}
 */
export function pinned(command, core) {
  return core === undefined ? [...command] : [pinner, '-c', String(core), ...command]
}
