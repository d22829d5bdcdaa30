/**
 * The frame of the operators' scripts: exit codes, errors in one sentence, set-up.
 */
import { Refusal } from './service-redis.mjs'
import { build, installDependencies } from './set-up.mjs'

/**
 * Runs a script and sets the exit code: that of `main`, or 2 after an error. An expected error is one sentence; any other
 * has its stack.
 *
 * @param {(args: string[]) => Promise<number | undefined>} main undefined: 0
 * @param {() => void} [undo] after an error
 */
export async function runScript(main, undo) {
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0
  } catch (error) {
    undo?.()
    const isExpected =
      error instanceof Refusal || (error instanceof Error && ('code' in error || 'fault' in error))
    console.error(error instanceof Error ? (isExpected ? error.message : error.stack) : error)
    process.exitCode = 2
  }
}

/**
 * Undoes the work and ends on a signal to stop.
 *
 * @param {string} message
 * @param {() => void} undo
 */
export function undoWhenStopped(message, undo) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => {
      undo()
      console.error(message)
      process.exit(2)
    })
}

/** Settles when the packages are installed and the project is built. */
export async function setUp() {
  await installDependencies()
  await build({ log: () => undefined })
}
