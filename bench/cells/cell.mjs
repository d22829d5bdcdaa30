/** What the cells of the fan-out bench have in common. */
import { Stage } from '../stage.mjs'

/** @typedef {import('../contenders/contenders.mjs').Contender} Contender */
/** @typedef {Awaited<ReturnType<Stage['measure']>>} Measured */
/** @typedef {{ redisUrl: string, roleUrls: Record<string, string>, redisPid: number, dist: string, cores: import('../support/pin.mjs').Cores }} Ground */

/**
 * @typedef {object} Task
 * @property {Ground} ground
 * @property {boolean} quick
 * @property {readonly number[] | undefined} rates events/s of the matrix, where others than usual are asked for
 * @property {readonly Contender[]} competitors asked for and installed
 */

export const matrixReaders = 2000
export const warmUp = { rate: 20, seconds: 1 }
/** What lasts so long has one heartbeat of flashline in it, neither none nor two. */
export const heartbeatSeconds = 15

/**
 * @template T
 * @param {Contender} contender
 * @param {Ground & { feeds?: number, sections?: number, prefix?: string }} ground
 * @param {(stage: Stage) => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function on(contender, ground, task) {
  const stage = new Stage(contender, ground)
  try {
    return await task(await stage.open())
  } finally {
    await stage.close()
  }
}
