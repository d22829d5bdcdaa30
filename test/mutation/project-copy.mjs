/**
 * A copy of the project to change files in, with the dependencies of the original, and without a build.
 */
import { cp, mkdir, mkdtemp, readdir, symlink } from 'node:fs/promises'
import { join, relative } from 'node:path'

const notCopied = new Set(['node_modules', 'dist', '.git', '.cache', 'data', 'coverage'])

/**
 * @param {string} root
 * @returns {Promise<string>} its path
 */
export async function copyProject(root) {
  const cache = join(root, '.cache')
  await mkdir(cache, { recursive: true })
  // `npm test` removes what is called so and is old.
  const work = await mkdtemp(join(cache, 'test-mutation-'))
  const copy = join(work, 'project')
  await mkdir(copy)
  for (const name of await readdir(root))
    if (!notCopied.has(name)) await cp(join(root, name), join(copy, name), { recursive: true })
  await symlink(relative(copy, join(root, 'node_modules')), join(copy, 'node_modules'))
  return work
}
