import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { projectRoot } from './cluster.ts'
import { eventually } from './eventually.ts'

const READY_TIMEOUT_MS = 30_000

export interface StartedScript {
  readonly pid: number
  /** Standard output and error output. */
  readonly output: string
  /** null: a signal has ended it. */
  readonly exitCode: Promise<number | null>
  /** Settles when `npm start` says that it is ready. */
  ready(): Promise<void>
  signal(name: NodeJS.Signals): void
  end(): Promise<void>
}

/** Starts a script of the project as npm does, without npm. */
export function startScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): StartedScript {
  const child = spawn(process.execPath, [join(projectRoot, script), ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const exitCode = once(child, 'close').then(([code]) => code as number | null)
  return {
    pid: child.pid ?? 0,
    get output() {
      return output
    },
    exitCode,
    async ready() {
      await eventually('Flashline is ready', READY_TIMEOUT_MS, () => {
        if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${output}`)
        return output.includes('Flashline is ready')
      })
    },
    signal: (name) => child.kill(name),
    async end() {
      child.kill('SIGTERM')
      await exitCode
    },
  }
}
