/**
 * A lock that ends with its holder: a listening unix socket. It needs no heartbeat and no clean-up after kill -9: the
 * kernel closes the socket, and the remaining file refuses connections.
 */
import { createHash, randomBytes } from 'node:crypto'
import { chmod, link, lstat, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

// A socket path may have 107 bytes on Linux and 103 on macOS, and the file names in the folder need some of them.
const longestFolderBytes = 100 - '/redis.sock'.length
const answerLimitMs = 1000

/**
 * @typedef {{ kind: 'taken', release: () => Promise<void> }} Taken
 * @typedef {{ kind: 'held', pid: number | undefined }} Held
 */

/**
 * @param {string} path of the socket; at most 100 bytes
 * @returns {Promise<Taken | Held>}
 */
export async function takeLock(path) {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const server = await listen(path)
    if (server) return { kind: 'taken', release: () => close(server) }

    const holder = await ask(path)
    if (holder.kind === 'held') return holder
    if (holder.kind === 'stale') {
      const held = await removeStale(path)
      if (held) return held
    }
  }
  return { kind: 'held', pid: undefined }
}

/**
 * Runs `task` while it holds the lock. Waits at most `limitMs` for another holder.
 *
 * @template T
 * @param {string} path
 * @param {{ limitMs: number, onWait?: (pid: number | undefined) => void }} wait
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
export async function withLock(path, { limitMs, onWait }, task) {
  const deadline = Date.now() + limitMs
  for (let first = true; ; first = false) {
    const lock = await takeLock(path)
    if (lock.kind === 'taken') {
      try {
        return await task()
      } finally {
        await lock.release()
      }
    }
    if (first) onWait?.(lock.pid)
    if (Date.now() > deadline) throw new Error(`Process ${lock.pid ?? '?'} holds ${path} for too long`)
    await pause(150)
  }
}

/**
 * The folder for the sockets of `folder`: the folder itself or, when its path is too long for a socket, a private
 * folder in the system's temporary folder. The choice is stored in the folder, so that all processes use the same one.
 *
 * @param {string} folder an existing folder
 * @returns {Promise<string>}
 */
export async function socketFolderOf(folder) {
  const real = await realpath(folder)
  // In a Redis URL, a "?" begins the options.
  if (Buffer.byteLength(real) <= longestFolderBytes && !real.includes('?')) return real

  const note = join(real, 'socket-folder')
  const name = createHash('sha256').update(real).digest('hex').slice(0, 16)
  const proposal = join(tmpdir(), `flashline-${process.getuid?.() ?? 0}-${name}`)
  await writeFile(note, proposal, { flag: 'wx', mode: 0o600 }).catch(ignoreExisting)
  const chosen = (await readFile(note, 'utf8')) || proposal
  await mkdir(chosen, { mode: 0o700 }).catch(ignoreExisting)
  const found = await lstat(chosen)
  if (!found.isDirectory() || found.uid !== (process.getuid?.() ?? found.uid))
    throw new Error(`${chosen} must be a folder of this user. Remove it`)
  await chmod(chosen, 0o700)
  return chosen
}

/**
 * @param {string} path
 * @returns {Promise<import('node:net').Server | undefined>} undefined when the path exists
 */
function listen(path) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.end(`${process.pid}\n`)
    })
    server.unref()
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(path, () => resolve(server))
  })
}

/**
 * @param {string} path
 * @returns {Promise<Held | { kind: 'stale' } | { kind: 'gone' }>}
 */
function ask(path) {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(path)
    const done = () => {
      socket.destroy()
      resolve({ kind: 'held', pid: Number.parseInt(answer, 10) || undefined })
    }
    socket.setTimeout(answerLimitMs, done)
    socket.on('data', (chunk) => (answer += String(chunk)))
    socket.on('end', done)
    socket.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      socket.destroy()
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOTSOCK') resolve({ kind: 'stale' })
      else if (error.code === 'ENOENT') resolve({ kind: 'gone' })
      else if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.code === 'EAGAIN') done()
      else reject(error)
    })
  })
}

/**
 * Two processes may find the same stale socket, and the slower one could remove the new lock of the faster one. So the
 * socket is renamed and tested again, and a live one gets its name back.
 *
 * @param {string} path
 * @returns {Promise<Held | undefined>}
 */
async function removeStale(path) {
  const aside = `${path}.${randomBytes(2).toString('hex')}`
  try {
    await rename(path, aside)
  } catch {
    return undefined
  }
  const holder = await ask(aside)
  if (holder.kind === 'held') await link(aside, path).catch(ignoreExisting)
  await rm(aside, { force: true })
  return holder.kind === 'held' ? holder : undefined
}

/**
 * Releases the lock. Node removes the socket's file.
 * @param {import('node:net').Server} server
 * @returns {Promise<void>}
 */
function close(server) {
  return new Promise((resolve) => server.close(() => resolve()))
}

/** @param {NodeJS.ErrnoException} error */
function ignoreExisting(error) {
  if (error.code !== 'EEXIST') throw error
}
