/**
 * `npm run conformance`: a server that sends a client repeats, gaps, cuts and resets on purpose, and a page that tells
 * whether the client coped. It needs no Redis. PORT (9090) and HOST (127.0.0.1) say where it listens.
 */
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, installDependencies } from './support/set-up.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const { PORT = '9090', HOST = '127.0.0.1' } = process.env

try {
  await installDependencies()
  await build()
  const main = pathToFileURL(join(projectRoot, 'dist/src/conformance/start-conformance.js')).href
  const { startConformance } = await import(main)
  const protocol = join(projectRoot, 'PROTOCOL.md')
  const { url, close } = await startConformance({ port: Number(PORT), host: HOST, protocol })
  console.log(`Conformance runs: ${url}/conformance`)
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void close().then(() => process.exit(0)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
