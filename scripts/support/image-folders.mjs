/**
 * Carries out a Dockerfile without Docker: each stage is a folder, and its commands run on this computer with the
 * image's version of Node and an empty home. The packages of the image's system are not checked.
 */
import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { dockerIgnore } from './docker-ignore.mjs'
import { fetchNode } from './other-node.mjs'
import { readDockerfile } from './read-dockerfile.mjs'

const run = promisify(execFile)
const runLimitMs = 15 * 60_000
/** Settings for network access. No other variable of this computer is passed on, as with Docker. */
const network = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
]

/**
 * @typedef {object} Image
 * @property {string} folder the work folder of the last stage
 * @property {NodeJS.ProcessEnv} env
 * @property {string[]} command of a container
 * @property {string[] | undefined} healthcheck
 * @property {NodeJS.Signals} stopSignal
 */

/**
 * @param {{ projectRoot: string, tree: string, work: string, log: (line: string) => void }} build
 *   `tree`: a commit or tree of git; `work`: an empty folder
 * @returns {Promise<Image>}
 */
export async function buildInFolders({ projectRoot, tree, work, log }) {
  const source = join(work, 'source')
  await unpackTree(projectRoot, tree, source)
  const stages = readDockerfile(await readFile(join(source, 'Dockerfile'), 'utf8'))
  const context = join(work, 'context')
  await copyContext(source, context)

  /** @type {Map<string, string>} */
  const roots = new Map()
  /** @type {Image | undefined} */
  let image
  for (const [index, stage] of stages.entries()) {
    const root = join(work, `stage-${index}`)
    await mkdir(join(root, 'home'), { recursive: true })
    const env = await environmentOf(stage, join(root, 'home'))
    const workdir = await carryOut(stage, { root, context, roots, env, log })
    roots.set(stage.name ?? String(index), root)
    image = {
      folder: join(root, workdir),
      env,
      command: [...stage.entrypoint, ...stage.cmd],
      healthcheck: stage.healthcheck,
      stopSignal: /** @type {NodeJS.Signals} */ (stage.stopSignal),
    }
  }
  if (!image || image.command.length === 0) throw new Error('The image runs nothing')
  return image
}

/**
 * @param {import('./read-dockerfile.mjs').Stage} stage
 * @param {{ root: string, context: string, roots: Map<string, string>, env: NodeJS.ProcessEnv, log: (line: string) => void }} place
 * @returns {Promise<string>} the last WORKDIR
 */
async function carryOut({ steps }, { root, context, roots, env, log }) {
  let workdir = '/'
  for (const step of steps) {
    switch (step.kind) {
      case 'workdir':
        workdir = step.path
        await mkdir(join(root, workdir), { recursive: true })
        break
      case 'env':
        Object.assign(env, step.values)
        break
      case 'run':
        log(`RUN ${step.command}`)
        await shell(step.command, join(root, workdir), env)
        break
      case 'copy': {
        const origin = step.from === undefined ? context : roots.get(step.from)
        if (origin === undefined) throw new Error(`COPY names a stage that there is not: ${step.from}`)
        const target = step.target.startsWith('/') ? step.target : join(workdir, step.target)
        for (const path of step.sources) await copyInto(join(origin, path), join(root, target))
        break
      }
      default:
        ;/** @satisfies {never} */ (step)
    }
  }
  return workdir
}

/**
 * Puts the image's version of Node first on the path.
 *
 * @param {import('./read-dockerfile.mjs').Stage} stage
 * @param {string} home
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function environmentOf({ image }, home) {
  const [, wanted] = /^node:([\d.]+)/.exec(image) ?? []
  if (!wanted) throw new Error(`The check of the image knows images of Node only, not ${image}`)
  const { binary } = await fetchNode(wanted)
  const given = network.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))
  return {
    ...Object.fromEntries(given),
    HOME: home,
    PATH: [dirname(binary), process.env['PATH']].join(delimiter),
  }
}

/**
 * @param {string} projectRoot
 * @param {string} tree
 * @param {string} into
 */
async function unpackTree(projectRoot, tree, into) {
  await mkdir(into, { recursive: true })
  const archive = `${into}.tar`
  await run('git', ['archive', '--format=tar', '-o', archive, tree], { cwd: projectRoot })
  await run('tar', ['-xf', archive, '-C', into])
  await rm(archive)
}

/**
 * @param {string} source
 * @param {string} context
 */
async function copyContext(source, context) {
  const isIgnored = dockerIgnore(await readFile(join(source, '.dockerignore'), 'utf8'))
  for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(source.length + 1)
    if (entry.isFile() && !isIgnored(path)) await cp(join(source, path), join(context, path))
  }
}

/**
 * Copies as COPY does: the content of a folder into the target; a file into a target that ends with a slash, else to it.
 *
 * @param {string} from
 * @param {string} target
 */
async function copyInto(from, target) {
  const found = await stat(from).catch(() => undefined)
  if (!found) throw new Error(`COPY finds no ${basename(from)}: does .dockerignore let it in?`)
  const to = found.isDirectory() || !/[/.]$/.test(target) ? target : join(target, basename(from))
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
}

/**
 * @param {string} command
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 */
async function shell(command, cwd, env) {
  const options = { cwd, env, timeout: runLimitMs, maxBuffer: 1 << 26 }
  await run('sh', ['-c', command], options).catch(
    (/** @type {Error & { stdout: string, stderr: string }} */ error) => {
      const last = `${error.stdout}${error.stderr}`.slice(-4000).trimEnd()
      throw new Error(`RUN ${command} failed:\n${last}`, { cause: error })
    },
  )
}
