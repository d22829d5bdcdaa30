/**
 * Finds programs on PATH, and the command that installs a missing program on this system.
 */
import { access } from 'node:fs/promises'
import { constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * @param {readonly string[]} names tried in this order
 * @returns {Promise<string | undefined>} absolute path of the first one found
 */
export async function findOnPath(names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/'))
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name)
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return path
    }
  }
  return undefined
}

/**
 * Chooses the install command of this system's package manager.
 * @param {{ brew: string, apt: string, dnf: string, apk: string, pacman: string, zypper: string, other: string }} commands
 */
export async function commandFor(commands) {
  const managers = /** @type {const} */ ([
    ['brew', 'brew'],
    ['apt-get', 'apt'],
    ['dnf', 'dnf'],
    ['apk', 'apk'],
    ['pacman', 'pacman'],
    ['zypper', 'zypper'],
  ])
  for (const [program, key] of managers) if (await findOnPath([program])) return commands[key]
  return commands.other
}
