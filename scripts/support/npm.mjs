/**
 * Runs npm as a child process: the npm that started this script, or else the npm on the path.
 */
import { spawn } from 'node:child_process'

const keptCharacters = 8000
const quiet = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  npm_config_loglevel: 'error',
}

/**
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<void>}
 * @throws {Error} with the last output of npm; `code: 'npm-offline'` if its registry cannot be reached
 */
export function runNpm(args, { cwd, env = process.env }) {
  const npm = process.env['npm_execpath']
  const command = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  const [program = 'npm', ...rest] = [...command, ...args]
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawn(program, rest, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...env, ...quiet } })
    for (const stream of [child.stdout, child.stderr])
      stream
        .setEncoding('utf8')
        .on('data', (/** @type {string} */ text) => (output = (output + text).slice(-keptCharacters)))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(failureOf(args[0] ?? '', signal ?? code, output))
    })
  })
}

/**
 * @param {string} command
 * @param {NodeJS.Signals | number | null} exit
 * @param {string} output
 */
function failureOf(command, exit, output) {
  const [network] =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/.exec(output) ?? []
  if (network !== undefined) {
    const message = `npm ${command} cannot reach the package registry (${network}). Connect to the network and run the command again`
    return Object.assign(new Error(message), { code: 'npm-offline' })
  }
  return new Error(`npm ${command} failed (${exit}):\n${output.trimEnd()}`)
}
