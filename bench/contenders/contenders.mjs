/** The compared servers behind one interface: the command that starts a server, and the dialect of its readers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} [node] path of Node, if it is not the Node that runs the bench
 * @property {(place: { redisUrl: string, prefix: string, dist: string }) => string[]} command arguments after `node`
 * @property {Record<string, string>} env
 * @property {'flashline' | 'pubsub' | 'socket.io'} publishes
 * @property {import('../readers.mjs').Dialect} dialect
 */

const here = fileURLToPath(new URL('.', import.meta.url))
/** The arguments after `node` of the production command. */
const startCommand = startOfGateway()
const plain = { path: '/', before: 0, after: 0, greeting: /** @type {const} */ ('none') }

/** @type {readonly Contender[]} */
export const contenders = [
  {
    name: 'flashline',
    command: ({ dist }) => startCommand.map((part) => part.replace(/^dist(?=\/)/, dist)),
    // Only the limits per address and process are raised, because all readers come from this machine.
    env: {
      MAX_CONNECTIONS: '100000',
      MAX_CONNECTIONS_PER_IP: '100000',
      CONNECTS_PER_SECOND: '100000',
      LOG_LEVEL: 'warn',
      DRAIN_MS: '0',
    },
    publishes: 'flashline',
    dialect: { ...plain, path: '/v1/feeds/{feed}/live' },
  },
  {
    name: 'ws-loop',
    command: ({ redisUrl, prefix }) => [join(here, 'ws-loop.mjs'), redisUrl, prefix],
    env: {},
    publishes: 'pubsub',
    dialect: plain,
  },
  {
    name: 'socket.io',
    command: ({ redisUrl, prefix }) => [join(here, 'socket-io.mjs'), redisUrl, prefix],
    env: {},
    publishes: 'socket.io',
    // An event is sent as 42["e",…].
    dialect: { path: '/socket.io/?EIO=4&transport=websocket', before: 7, after: 1, greeting: 'socket.io' },
  },
  {
    name: 'uws',
    // The Node of npm, for which the binary was installed. The version hardly affects a server written in C++.
    node: 'node',
    command: ({ redisUrl, prefix }) => [join(here, 'uws.mjs'), redisUrl, prefix],
    env: {},
    publishes: 'pubsub',
    dialect: plain,
  },
]

export const flashline = /** @type {Contender} */ (contenders.find(({ name }) => name === 'flashline'))

/** @returns {string[]} */
function startOfGateway() {
  const { scripts } = JSON.parse(readFileSync(join(here, '../../package.json'), 'utf8'))
  return scripts['start:gateway'].split(' ').slice(1)
}
