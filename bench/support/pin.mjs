/** Pins processes to cores, on systems that support it. */
import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

const pinner = 'taskset'

/**
 * The contender has one core alone; readers, publisher and Redis share the other core.
 *
 * @typedef {{ server: number | undefined, others: number | undefined }} Cores
 */

/**
 * Pins this process, and so all processes that it starts, to one core.
 *
 * @returns {Cores} undefined when pinning is not possible
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
