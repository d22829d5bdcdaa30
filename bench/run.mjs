/**
 * `node bench/run.mjs fanout --quick`: runs a bench with the Node of the image (Dockerfile), which is what production
 * runs, where `npm ci --prefix bench` has installed it. `node bench/fanout.mjs --quick` takes the Node at hand.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { nodeOfTheImage } from './support/rival.mjs'

const [name = '', ...args] = process.argv.slice(2)
const file = fileURLToPath(new URL(`${name}.mjs`, import.meta.url))
const node = nodeOfTheImage()
if (!node)
  console.log(`The Node of the image is not installed (npm ci --prefix bench): ${process.version} it is.`)

const child = spawn(node ?? process.execPath, [file, ...args], { stdio: 'inherit' })
// The terminal sends it to the child as well, which has things to take down.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
})
