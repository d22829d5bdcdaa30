import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchDebianTool } from '../../scripts/support/debian-package.mjs'

/**
 * The clock of a machine that is set while processes run: with libfaketime where this system has its package, else with
 * a `Date` that is replaced inside the processes. Their timers count the true time, as the kernel's steady clock does.
 */
export class WrongClock {
  /** The environment of a process that has this clock. */
  readonly env: Readonly<Record<string, string>>
  readonly #folder: string

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#folder = folder
    this.env = env
  }

  static async create(): Promise<WrongClock> {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-clock-'))
    const file = join(folder, 'offset')
    await writeFile(file, '+0')
    return new WrongClock(folder, (await libfaketime(file)) ?? replacedDate(file))
  }

  /** How far the clock is ahead. */
  async set(seconds: number): Promise<void> {
    const next = join(this.#folder, 'next')
    await writeFile(next, `${seconds < 0 ? '' : '+'}${seconds}`)
    await rename(next, join(this.#folder, 'offset'))
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function libfaketime(file: string): Promise<Record<string, string> | undefined> {
  const tool = await fetchDebianTool({ packages: ['faketime'], binary: 'faketime' }).catch(() => undefined)
  if (!tool) return undefined
  return {
    LD_PRELOAD: join(tool.env.LD_LIBRARY_PATH, 'libfaketimeMT.so.1'),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    DONT_FAKE_MONOTONIC: '1',
  }
}

function replacedDate(file: string): Record<string, string> {
  const script = fileURLToPath(new URL('./replace-date.mjs', import.meta.url))
  return { NODE_OPTIONS: `--import=${script}`, CLOCK_OFFSET_FILE: file }
}
