import { Problem } from '../platform/problem.ts'
import { Run, type RunSettings, type RunWishes } from './run.ts'

/** Bounds of the memory: a run has some KB, and its connections. */
const MAX_RUNS = 100
const MAX_CONNECTIONS = 8
/** A run whose client is away for so long may give its place to another. */
const IDLE_MS = 60_000
const LIFE_MS = 60 * 60_000
const LOOK_EVERY_MS = 10_000

/** The runs of this process. It owns them and a timer: `close` ends them. */
export class Runs {
  readonly #settings: RunSettings
  readonly #runs = new Map<string, { readonly run: Run; readonly until: number }>()
  readonly #timer: NodeJS.Timeout

  constructor(settings: RunSettings) {
    this.#settings = settings
    this.#timer = setInterval(() => this.#endOld(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** Errors: Problem `server-full`. */
  start(wishes: RunWishes): Run {
    if (this.#runs.size >= MAX_RUNS) this.#end(this.#mostIdle())
    const run = new Run(wishes, this.#settings)
    this.#runs.set(run.id, { run, until: performance.now() + LIFE_MS })
    return run
  }

  /** Errors: Problem `no-such-feed`. */
  find(id: string): Run {
    const found = this.#runs.get(id)
    if (!found)
      throw new Problem('no-such-feed', { extra: { detail: 'There is no such run. Start another one.' } })
    return found.run
  }

  /** The run, for one more connection. Errors: Problem. */
  findForConnection(id: string): Run {
    const run = this.find(id)
    if (run.connections >= MAX_CONNECTIONS) throw new Problem('too-many-connections')
    return run
  }

  close(): void {
    clearInterval(this.#timer)
    for (const id of this.#runs.keys()) this.#end(id)
  }

  #mostIdle(): string {
    const [idlest] = [...this.#runs.values()].sort((a, b) => b.run.idleMs - a.run.idleMs)
    if (!idlest || idlest.run.idleMs < IDLE_MS) throw new Problem('server-full')
    return idlest.run.id
  }

  #endOld(): void {
    const now = performance.now()
    for (const [id, { until }] of this.#runs) if (now > until) this.#end(id)
  }

  #end(id: string): void {
    this.#runs.get(id)?.run.close()
    this.#runs.delete(id)
  }
}
