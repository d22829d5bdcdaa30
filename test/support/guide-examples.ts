import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findInterpreter } from '../../scripts/support/find-interpreter.mjs'
import { findOnPath } from '../../scripts/support/host.mjs'
import { projectRoot } from './cluster.ts'
import { eventually } from './eventually.ts'

/** Languages of the guide's examples, as their code blocks name them. */
export const guideLanguages = ['sh', 'js', 'python', 'php'] as const
export type GuideLanguage = (typeof guideLanguages)[number]

const LIMIT_MS = 30_000
const fileNames = { sh: 'example.sh', js: 'example.mjs', python: 'example.py', php: 'example.php' } as const

type Environment = Readonly<Record<string, string>>
interface Interpreter {
  readonly binary: string
  readonly env: Environment
}

/** The code blocks of the page, by the heading above them and their language. */
export async function readGuide(): Promise<(heading: string, language: GuideLanguage) => string> {
  const page = await readFile(join(projectRoot, 'docs/partner-guide.md'), 'utf8')
  const sections = page.split(/^## /m).map((section) => {
    const blocks = Array.from(
      section.matchAll(/^```(\w+)\n(.*?)^```$/gms),
      ([, language = '', code = '']) => ({
        language,
        code,
      }),
    )
    return { heading: section.split('\n', 1)[0], blocks }
  })
  return (heading, language) => {
    const { blocks = [] } = sections.find((section) => section.heading === heading) ?? {}
    const own = blocks.filter((block) => block.language === language)
    if (own.length !== 1) throw new Error(`"${heading}" has ${own.length} examples in ${language}`)
    return own[0]?.code ?? ''
  }
}

/** What runs each language; undefined where this computer has none and can fetch none. */
export async function findGuideInterpreters(): Promise<
  Readonly<Record<GuideLanguage, Interpreter | undefined>>
> {
  const [curl, python, php] = await Promise.all([
    findOnPath(['curl']),
    findInterpreter('python'),
    findInterpreter('php'),
  ])
  const sh = curl === undefined ? undefined : { binary: '/bin/sh', env: {} }
  return { sh, js: { binary: process.execPath, env: {} }, python, php }
}

/** A folder in which an example runs, as it stands in the guide. */
export class GuideExample {
  readonly folder: string
  /** What it has printed. */
  output = ''
  readonly #language: GuideLanguage
  readonly #interpreter: Interpreter
  #child: ChildProcess | undefined

  private constructor(language: GuideLanguage, interpreter: Interpreter, folder: string) {
    this.#language = language
    this.#interpreter = interpreter
    this.folder = folder
  }

  static async write(language: GuideLanguage, interpreter: Interpreter, code: string): Promise<GuideExample> {
    const example = new GuideExample(
      language,
      interpreter,
      await mkdtemp(join(tmpdir(), 'flashline-example-')),
    )
    await example.file(fileNames[language], code)
    return example
  }

  async file(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text)
  }

  /** Runs it to its end. Gives its output, without the spaces at its ends. Errors: where it fails. */
  async run(env: Environment): Promise<string> {
    this.output = ''
    const child = this.start(env)
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) throw new Error(`ended with ${code}: ${this.output}`)
    return this.output.trim()
  }

  /** Starts it. `args` stand before its file. */
  start(env: Environment, args: readonly string[] = []): ChildProcess {
    const child = spawn(this.#interpreter.binary, [...args, fileNames[this.#language]], {
      cwd: this.folder,
      // A group of its own: a shell's children end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...this.#interpreter.env, ...env },
    })
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    this.#child = child
    return child
  }

  /** Starts an endpoint. Settles with its address when it listens. */
  async serve(env: Environment): Promise<string> {
    const port = await freePort()
    const address = `127.0.0.1:${port}`
    this.start({ ...env, PORT: String(port) }, this.#language === 'php' ? ['-S', address] : [])
    await eventually('the endpoint listens', LIMIT_MS, () =>
      fetch(`http://${address}/`, { method: 'POST', body: '{}' }).then(
        () => true,
        () => false,
      ),
    )
    return `http://${address}/`
  }

  /** Settles when it has printed a text. */
  async printed(text: string): Promise<void> {
    await eventually(`the example prints ${text}; it has printed ${this.output}`, LIMIT_MS, () =>
      this.output.includes(text),
    )
  }

  async end(): Promise<void> {
    const child = this.#child
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'close')
      process.kill(-child.pid, 'SIGKILL')
      await ended
    }
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
