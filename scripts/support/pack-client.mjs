/**
 * Packs the client's npm package as it would be published, and checks it with publint and are-the-types-wrong.
 */
import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runNpm } from './npm.mjs'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../../..')
const limitMs = 120_000

/**
 * The project must be built.
 *
 * @param {string} version
 * @returns {Promise<string>} the path of the package
 * @throws {Error} with the output of the tool that reports a fault
 */
export async function packClient(version) {
  const folder = join(projectRoot, '.cache/release')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await runNpm(['pack', join(projectRoot, 'dist/web/sdk'), '--pack-destination', folder], { cwd: folder })
  const tarball = join(folder, `flashline-client-${version}.tgz`)
  await tool('publint/src/cli.js', ['--strict', tarball])
  await tool('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'esm-only', '--format', 'ascii'])
  return tarball
}

/**
 * @param {string} path in node_modules
 * @param {string[]} args
 */
async function tool(path, args) {
  const program = join(projectRoot, 'node_modules', path)
  const options = { cwd: projectRoot, timeout: limitMs }
  await promisify(execFile)(process.execPath, [program, ...args], options).catch(
    (/** @type {Error & { stdout: string, stderr: string }} */ error) => {
      throw new Error(`The package of the client has faults:\n${error.stdout}${error.stderr}`, {
        cause: error,
      })
    },
  )
}
