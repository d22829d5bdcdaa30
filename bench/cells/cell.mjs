/** The common parts of the cells of the fan-out bench. */
import { Stage } from '../stage.mjs'

/** @typedef {import('../contenders/contenders.mjs').Contender} Contender */
/** @typedef {Awaited<ReturnType<Stage['measure']>>} Measured */
/** @typedef {{ redisUrl: string, roleUrls: Record<string, string>, redisPid: number, dist: string, cores: import('../support/pin.mjs').Cores }} Environment */

/**
 * @typedef {object} Task
 * @property {Environment} environment
 * @property {boolean} quick
 * @property {readonly number[] | undefined} rates events/s of the matrix; undefined: the default rates
 * @property {readonly Contender[]} competitors that are selected and installed
 */

export const matrixReaders = 2000
export const warmUp = { rate: 20, seconds: 1 }
/** A measurement of this length contains exactly one heartbeat of flashline. */
export const heartbeatSeconds = 15

/**
 * @template T
 * @param {Contender} contender
 * @param {Environment & { feeds?: number, sections?: number, prefix?: string }} environment
 * @param {(stage: Stage) => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function on(contender, environment, task) {
  const stage = new Stage(contender, environment)
  try {
    return await task(await stage.open())
  } finally {
    await stage.close()
  }
}
