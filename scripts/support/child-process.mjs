/**
 * Child processes that end with their parent and are ended with patience.
 */
import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Exit
 */

/** @type {Promise<string[]> | undefined} */
let tie

/**
 * Starts a program in a process group of its own, so Ctrl-C in a terminal reaches only us and we decide the
 * order in which things stop; `detached: false` leaves it in ours. Where the system offers it, the kernel sends SIGTERM to the child when we die.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export async function spawnTied(command, args, options) {
  tie ??= parentDeathSignal()
  const [program = command, ...rest] = [...(await tie), command, ...args]
  const child = spawn(program, rest, { detached: true, ...options })
  const kill = () => child.kill('SIGTERM')
  process.on('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<Exit>} also when the program could not be started
 */
export function exitOf(child) {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: 127, signal: null }))
  })
}

/**
 * SIGTERM, then SIGKILL when the limit has passed.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<Exit>} exited
 * @param {number} limitMs
 * @returns {Promise<Exit>}
 */
export async function stopChild(child, exited, limitMs) {
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  child.kill('SIGTERM')
  // A paused process takes no SIGTERM until it goes on.
  child.kill('SIGCONT')
  try {
    return await exited
  } finally {
    clearTimeout(timer)
  }
}

/** The setpriv of BusyBox has no such option, and macOS has no setpriv. */
async function parentDeathSignal() {
  const prefix = ['setpriv', '--pdeathsig', 'TERM']
  const works = await promisify(execFile)('setpriv', ['--pdeathsig', 'TERM', 'true'], { timeout: 5000 }).then(
    () => true,
    () => false,
  )
  return works ? prefix : []
}
