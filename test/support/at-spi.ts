import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { spawnTied } from '../../scripts/support/child-process.mjs'
import { openScreen } from './open-screen.ts'

const READY_MS = 20_000
const CALL_MS = 10_000
const ACCESSIBLE = 'org.a11y.atspi.Accessible'
const TEXT = 'org.a11y.atspi.Text'

/** An object of an accessible tree: the program's name on the bus, and the path of the object. */
type Address = readonly [bus: string, path: string]

/** A part of an object's text in one language. */
export type Run = readonly [text: string, lang: string]

/** A session bus with AT-SPI and a screen of its own. Programs that run in its `env` tell it their accessible trees. */
export class AtSpi {
  readonly env: NodeJS.ProcessEnv
  readonly #close: () => Promise<void>
  /** Address of the bus of AT-SPI, which is not the session bus. */
  #bus: string | undefined

  private constructor(env: NodeJS.ProcessEnv, close: () => Promise<void>) {
    this.env = env
    this.#close = close
  }

  static async open(): Promise<AtSpi> {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-at-spi-'))
    const screen = await openScreen()
    const shared = { ...process.env, DISPLAY: screen.display, XDG_RUNTIME_DIR: folder }
    const args = ['--session', '--nofork', '--print-address=1', `--address=unix:dir=${folder}`]
    const daemon = await spawnTied('dbus-daemon', args, { env: shared, stdio: ['ignore', 'pipe', 'ignore'] })
    const signal = AbortSignal.timeout(READY_MS)
    const [address] = (await once(daemon.stdout!, 'data', { signal })) as [Buffer]
    const env = {
      ...shared,
      DBUS_SESSION_BUS_ADDRESS: String(address).trim(),
      GNOME_ACCESSIBILITY: '1',
    }
    return new AtSpi(env, async () => {
      daemon.kill('SIGTERM')
      screen.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    })
  }

  close(): Promise<void> {
    return this.#close()
  }

  /** The page with this title that a program shows; undefined while no program shows it. */
  async page(title: string): Promise<AtSpiObject | undefined> {
    this.#bus ??= String(
      (
        await this.#busctl(['--user', 'call', 'org.a11y.Bus', '/org/a11y/bus', 'org.a11y.Bus', 'GetAddress'])
      )[0],
    )
    const desktop = this.#object(['org.a11y.atspi.Registry', '/org/a11y/atspi/accessible/root'])
    return desktop.find(
      async (each) => (await each.role()) === 'document web' && (await each.name()) === title,
    )
  }

  #object(address: Address): AtSpiObject {
    const at = [`--address=${this.#bus}`]
    return new AtSpiObject(address, {
      call: (from, method, ...values) => this.#busctl([...at, 'call', ...from, ...method, ...values]),
      get: async (from, property) => this.#busctl([...at, 'get-property', ...from, ...property]),
      object: (other) => this.#object(other),
    })
  }

  async #busctl(args: readonly string[]): Promise<unknown[]> {
    const options = { env: this.env, timeout: CALL_MS }
    const { stdout } = await promisify(execFile)('busctl', ['--json=short', ...args], options)
    const { data } = JSON.parse(stdout) as { data: unknown }
    return Array.isArray(data) ? (data as unknown[]) : [data]
  }
}

interface Bus {
  readonly call: (from: Address, method: readonly [string, string], ...values: string[]) => Promise<unknown[]>
  readonly get: (from: Address, property: readonly [string, string]) => Promise<unknown[]>
  readonly object: (address: Address) => AtSpiObject
}

export class AtSpiObject {
  readonly #address: Address
  readonly #bus: Bus

  constructor(address: Address, bus: Bus) {
    this.#address = address
    this.#bus = bus
  }

  async role(): Promise<string> {
    return String((await this.#bus.call(this.#address, [ACCESSIBLE, 'GetRoleName']))[0])
  }

  async name(): Promise<string> {
    return String((await this.#bus.get(this.#address, [ACCESSIBLE, 'Name']))[0])
  }

  /** For example `container-live`: how pressing changes of the text are. */
  async attributes(): Promise<Readonly<Record<string, string>>> {
    const [found] = await this.#bus.call(this.#address, [ACCESSIBLE, 'GetAttributes'])
    return found as Record<string, string>
  }

  async children(): Promise<AtSpiObject[]> {
    const [found] = await this.#bus.call(this.#address, [ACCESSIBLE, 'GetChildren'])
    return (found as Address[]).map((address) => this.#bus.object(address))
  }

  /** The first object below this one that fits, itself included. Objects that go meanwhile do not fit. */
  async find(fits: (object: AtSpiObject) => Promise<boolean>): Promise<AtSpiObject | undefined> {
    if (await fits(this).catch(() => false)) return this
    for (const child of await this.children().catch(() => [])) {
      const found = await child.find(fits)
      if (found) return found
    }
    return undefined
  }

  /** The text by its languages, as a screen reader speaks it. */
  async runs(): Promise<Run[]> {
    const [count] = (await this.#bus.get(this.#address, [TEXT, 'CharacterCount'])) as [number]
    const runs: Run[] = []
    for (let start = 0; start < count;) {
      const at = ['ib', String(start), 'true']
      const run = await this.#bus.call(this.#address, [TEXT, 'GetAttributeRun'], ...at)
      const [attributes, , end] = run as [Record<string, string>, number, number]
      const range = ['ii', String(start), String(end)]
      const [text] = await this.#bus.call(this.#address, [TEXT, 'GetText'], ...range)
      runs.push([String(text), attributes.language ?? ''])
      start = Math.max(end, start + 1)
    }
    return runs
  }
}
