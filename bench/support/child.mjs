/** Child processes that answer questions over IPC and end with this process. */
import { spawnTied, exitOf, stopChild } from '../../scripts/support/child-process.mjs'
import { pinned } from './pin.mjs'

const stopLimitMs = 1000

/**
 * @typedef {object} Child
 * @property {number} pid
 * @property {Promise<any>} ready the first message of the child
 * @property {(ask: string, params?: object, limitMs?: number) => Promise<any>} ask
 * @property {() => Promise<unknown>} stop
 */

/**
 * @param {string[]} command program and arguments
 * @param {{ core?: number | undefined, env?: Record<string, string | undefined> }} [options]
 * @returns {Promise<Child>}
 */
export async function startChild(command, { core, env = {} } = {}) {
  const [program = '', ...args] = pinned(command, core)
  const child = await spawnTied(program, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  })
  const exited = exitOf(child)
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map()
  let last = 0
  const ready = new Promise((resolve, reject) => {
    child.on('message', (/** @type {any} */ message) => {
      if (message?.type === 'ready') resolve(message)
      else if (message?.answerTo !== undefined) {
        waiting.get(message.answerTo)?.(message)
        waiting.delete(message.answerTo)
      }
    })
    void exited.then((exit) => {
      reject(new Error(`${command.slice(1).join(' ')} ended with ${exit.signal ?? exit.code}`))
      for (const answer of waiting.values()) answer({ error: 'the process ended' })
      waiting.clear()
    })
  })
  // A failed start must not be an unhandled rejection before a caller awaits `ready`.
  ready.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    ready,
    ask(ask, params = {}, limitMs = 60_000) {
      const id = ++last
      return new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          waiting.delete(id)
          reject(new Error(`${ask}: no answer within ${limitMs} ms`))
        }, limitMs)
        waiting.set(id, (message) => {
          clearTimeout(limit)
          if (message.error) reject(new Error(`${ask}: ${message.error}`))
          else resolve(message.answer)
        })
        child.send({ ask, id, params })
      })
    },
    stop: () => stopChild(child, exited, stopLimitMs),
  }
}

/**
 * Answers the questions of the parent; called in the child.
 *
 * @param {Record<string, (params: any) => unknown>} answers functions by question
 */
export function answerQuestions(answers) {
  process.on('message', (/** @type {any} */ { ask, id, params }) => {
    const answer = answers[ask]
    if (!answer) return
    Promise.resolve()
      .then(() => answer(params))
      .then(
        (value) => process.send?.({ answerTo: id, answer: value }),
        (error) => process.send?.({ answerTo: id, error: String(error?.stack ?? error) }),
      )
  })
}
