/**
 * Child processes that end with their parent, and that get time to end after SIGTERM.
 */
import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null }} Exit
 */

/** @type {Promise<string[]> | undefined} */
let tie

/**
 * Starts a program in a process group of its own: Ctrl-C in a terminal then reaches only this process, which decides
 * the order of stopping. `detached: false` keeps the child in this process's group. On Linux the kernel sends SIGTERM
 * to the child when this process dies.
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
 * Sends SIGTERM, and SIGKILL after `limitMs`.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {Promise<Exit>} exited
 * @param {number} limitMs
 * @returns {Promise<Exit>}
 */
export async function stopChild(child, exited, limitMs) {
  const timer = setTimeout(() => child.kill('SIGKILL'), limitMs)
  child.kill('SIGTERM')
  // A stopped process handles SIGTERM only after SIGCONT.
  child.kill('SIGCONT')
  try {
    return await exited
  } finally {
    clearTimeout(timer)
  }
}

/** The setpriv of BusyBox does not have this option, and macOS has no setpriv. */
async function parentDeathSignal() {
  const prefix = ['setpriv', '--pdeathsig', 'TERM']
  const works = await promisify(execFile)('setpriv', ['--pdeathsig', 'TERM', 'true'], { timeout: 5000 }).then(
    () => true,
    () => false,
  )
  return works ? prefix : []
}
