/**
 * Finds or downloads an interpreter of another language, for the tests of examples.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fetchDebianTool, isDebianLike } from './debian-package.mjs'
import { findOnPath } from './host.mjs'

const run = promisify(execFile)

/** Debian's package without a version depends on the one of this system's own version. */
const interpreters = {
  php: { program: 'php', depends: 'php-cli', versioned: /Depends: (php\d[\d.]*)-cli/, suffix: '-cli' },
  python: { program: 'python3', depends: 'python3', versioned: /Depends: (python3\.\d+)$/m, suffix: '' },
}

/**
 * Takes the one on PATH, else one from this system's Debian packages.
 *
 * @param {keyof typeof interpreters} name
 * @returns {Promise<{ binary: string, env: Record<string, string> } | undefined>} undefined where there is none
 */
export async function findInterpreter(name) {
  const { program, depends, versioned, suffix } = interpreters[name]
  const onPath = await findOnPath([program])
  if (onPath !== undefined) return { binary: onPath, env: {} }
  if (!(await isDebianLike())) return undefined
  try {
    const { stdout } = await run('apt-cache', ['depends', depends])
    const binary = versioned.exec(stdout)?.[1]
    if (binary === undefined) return undefined
    return await fetchDebianTool({ packages: [`${binary}${suffix}`], binary })
  } catch {
    return undefined
  }
}
