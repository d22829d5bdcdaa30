/** The states and databases that several cells of the bench share; each is made when the first cell needs it. */
import { constants } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fillArchive } from './fill-archive.mjs'
import { makeState } from './state.mjs'

/**
 * @typedef {object} Context
 * @property {import('./service-code.mjs').ServiceCode} code
 * @property {import('./past-line.mjs').Texts} texts
 * @property {string} dist
 * @property {string} dataFolder made databases stay in it
 * @property {import('./sizes.mjs').Sizes} sizes
 * @property {() => Promise<State>} day the state after one day
 * @property {() => Promise<State>} years the state after three years
 * @property {() => Promise<string>} pastFile a libsql file with the lines of past years
 * @property {() => Promise<void>} stop
 *
 * @typedef {import('./state.mjs').State} State
 */

/**
 * @param {Pick<Context, 'code' | 'texts' | 'dist' | 'dataFolder' | 'sizes'> & { workFolder: string }} given
 * @returns {Context}
 */
export function openContext({ workFolder, ...given }) {
  const { code, texts, sizes, dataFolder } = given
  const pastFile = once(async () => {
    await mkdir(dataFolder, { recursive: true })
    const file = join(dataFolder, `past-${sizes.searchedLines}.db`)
    const archive = await code.openArchive(pathToFileURL(file).href)
    try {
      await fillArchive(archive, texts, { count: sizes.searchedLines, feeds: sizes.feeds })
    } finally {
      await archive.close()
    }
    return file
  })
  const state = (/** @type {string} */ name, /** @type {number} */ days) =>
    makeState({
      code,
      texts,
      folder: workFolder,
      name,
      archiveFile: join(workFolder, `${name}.db`),
      sizes,
      days,
    })
  const day = once(() => state('day', 1))
  const years = once(async () => {
    await copyFile(await pastFile(), join(workFolder, 'years.db'), constants.COPYFILE_FICLONE)
    return state('years', sizes.days)
  })
  return {
    ...given,
    ...{ day, years, pastFile },
    async stop() {
      for (const made of [day, years]) await (await made.made())?.stop()
    },
  }
}

/**
 * @template T
 * @param {() => Promise<T>} make
 * @returns {(() => Promise<T>) & { made: () => Promise<T | undefined> }}
 */
function once(make) {
  /** @type {Promise<T> | undefined} */
  let value
  return Object.assign(() => (value ??= make()), {
    made: () => Promise.resolve(value).catch(() => undefined),
  })
}
