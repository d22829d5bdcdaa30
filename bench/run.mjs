/**
 * `node bench/run.mjs fanout --quick`: runs a bench with the Node version of the Docker image, if `npm ci --prefix
 * bench` has installed it. `node bench/fanout.mjs --quick` uses the installed Node.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { nodeOfTheImage } from './support/rival.mjs'

const [name = '', ...args] = process.argv.slice(2)
const file = fileURLToPath(new URL(`${name}.mjs`, import.meta.url))
const node = nodeOfTheImage()
if (!node)
  console.log(
    `The Node of the Docker image is not installed (npm ci --prefix bench). This run uses ${process.version}.`,
  )

const child = spawn(node ?? process.execPath, [file, ...args], { stdio: 'inherit' })
// The terminal sends SIGINT to the child too, which stops its processes and ends.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
})
