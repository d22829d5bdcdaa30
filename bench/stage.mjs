/** Runs one contender with its readers and its publisher, and measures them. */
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import { startChild } from './support/child.mjs'
import { coreTimes, usageOf } from './support/usage.mjs'

/** @typedef {import('./contenders/contenders.mjs').Contender} Contender */

const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))
/**
 * Interval of the readers' reads, so that the server does not pay for waking them. Adds up to 1 ms to every latency.
 */
const readersRestMs = 1
let stages = 0

export class Stage {
  /**
   * @param {Contender} contender
   * @param {{ redisUrl: string, roleUrls: Record<string, string>, redisPid: number, dist: string, cores: import('./support/pin.mjs').Cores, feeds?: number, sections?: number, nodeOptions?: string[], prefix?: string }} options
   */
  constructor(contender, options) {
    this.contender = contender
    this.options = options
    this.prefix = options.prefix ?? `b${process.pid}-${++stages}`
    this.feeds = Array.from({ length: options.feeds ?? 1 }, (_, index) => `bench${index}`)
  }

  async open() {
    const { redisUrl, dist, cores, sections = 0, nodeOptions = [] } = this.options
    const { contender, prefix, feeds } = this
    const node = process.execPath
    this.publisher = await startChild([node, file('publisher.mjs')], { core: cores.others })
    this.readers = await startChild([node, file('readers.mjs')], { core: cores.others })
    await Promise.all([this.publisher.ready, this.readers.ready])
    const kind = contender.publishes
    await this.publisher.ask('prepare', { kind, redisUrl, dist, prefix, feeds, sections }, 300_000)
    await this.openServer(nodeOptions)
    return this
  }

  /** @param {string[]} [nodeOptions] */
  async openServer(nodeOptions = []) {
    const { redisUrl, roleUrls, dist, cores } = this.options
    const { contender, prefix } = this
    const redis = { REDIS_URL: redisUrl, REDIS_PREFIX: prefix, ...roleUrls }
    const command = contender.command({ redisUrl, prefix, dist })
    this.server = await startChild(
      [contender.node ?? process.execPath, '--import', file('support/probe.mjs'), ...nodeOptions, ...command],
      {
        core: cores.server,
        env: { ...redis, HOST: '127.0.0.1', PORT: '0', ARCHIVE_URL: 'off', ...contender.env },
      },
    )
    const { url } = await this.server.ready
    this.url = String(url)
    if (contender.name === 'flashline') await untilReady(this.url)
  }

  /** @param {{ count: number, stalled?: number, trickle?: number, atOnce?: number, queries?: string[] }} crowd */
  async connect(crowd) {
    const port = Number(new URL(this.url ?? '').port)
    const { dialect } = this.contender
    const outcomes = await this.#child('readers').ask(
      'connect',
      { port, dialect, feeds: this.feeds, rest: readersRestMs, ...crowd },
      120_000,
    )
    if (outcomes.open !== crowd.count)
      throw new Error(`${this.contender.name}: not all readers were admitted: ${JSON.stringify(outcomes)}`)
  }

  /** @param {{ rate: number, seconds: number, extraBytes?: number }} load */
  publish(load) {
    return this.#child('publisher').ask('publish', load, (load.seconds + 60) * 1000)
  }

  /**
   * Publishes at a rate and measures from the first event to the last. Later deliveries are not counted.
   *
   * @param {{ rate: number, seconds: number, extraBytes?: number }} load
   */
  async measure(load) {
    const server = this.#child('server')
    const readers = this.#child('readers')
    // Events of an earlier load must not be counted in this measurement.
    await readers.ask('quiet', {}, 3_000).catch(() => undefined)
    await readers.ask('measure')
    await server.ask('watchLoop', {}, 10_000)
    const before = await this.#look()
    const { sent, ms } = await this.publish(load)
    const report = await readers.ask('report')
    const after = await this.#look()
    // A server that does not answer within seconds is blocked; its exact delay does not matter.
    const blocked = { p50: Infinity, p99: Infinity, max: Infinity }
    const loop = await server.ask('loopDelay', {}, 3_000).catch(() => blocked)
    const wallMs = after.atMs - before.atMs
    const cpuMs = after.server.cpuMs - before.server.cpuMs
    return {
      ...report,
      sent,
      sentPerSecond: (sent * 1000) / ms,
      perSecond: (report.events * 1000) / wallMs,
      cpuPerDeliveryUs: (cpuMs * 1000) / report.events,
      userPerDeliveryUs: ((after.server.userMs - before.server.userMs) * 1000) / report.events,
      serverShare: cpuMs / wallMs,
      readerShare: (after.readers.cpuMs - before.readers.cpuMs) / wallMs,
      readerCoreShare: busyShare(before.core, after.core),
      // Load of processes that do not belong to the measurement, in shares of a core.
      othersShare: (after.othersMs - before.othersMs) / wallMs,
      rssKb: after.server.rssKb,
      loop,
    }
  }

  /** CPU time and memory of the server without any events. @param {number} seconds */
  async measureIdle(seconds) {
    const { pid } = this.#child('server')
    const before = await usageOf(pid)
    await pause(seconds * 1000)
    const after = await usageOf(pid)
    return { serverShare: (after.cpuMs - before.cpuMs) / (after.atMs - before.atMs) }
  }

  /**
   * Cuts all connections, publishes the missed events, lets all readers resume, and waits until they have all events.
   *
   * @param {{ missed: number, reads: () => Promise<number> }} options
   */
  async storm({ missed, reads }) {
    const { pid } = this.#child('server')
    const readers = this.#child('readers')
    await readers.ask('quiet')
    await readers.ask('cut')
    await this.publish({ rate: 100, seconds: missed / 100 })
    // The server's work for the closed connections is not part of the measurement.
    for (let round = 0; round < 50 && (await this.measureIdle(0.2)).serverShare > 0.1; round++);
    await readers.ask('measure')
    const readsBefore = await reads()
    const before = await this.#look()
    const outcomes = await readers.ask('resume', { atOnce: 1000 }, 120_000)
    const { open: count, newest } = await readers.ask('whole', {}, 60_000)
    const after = await this.#look()
    const readsAfter = await reads()
    const report = await readers.ask('report')
    if (outcomes.open !== count)
      throw new Error(`pid ${pid}: not all readers resumed: ${JSON.stringify(outcomes)}`)
    const wallMs = after.atMs - before.atMs
    const serverCpuMs = after.server.cpuMs - before.server.cpuMs
    return {
      wallMs,
      serverCpuMs,
      newest,
      reads: readsAfter - readsBefore,
      lost: count * missed - report.events + report.gaps,
      resets: report.resets,
      serverShare: serverCpuMs / wallMs,
      readerCoreShare: busyShare(before.core, after.core),
      othersShare: (after.othersMs - before.othersMs) / wallMs,
    }
  }

  /** Memory of the server after a garbage collection, in kB. */
  async rssKb() {
    const server = this.#child('server')
    await server.ask('settle', {}, 30_000)
    return (await usageOf(server.pid)).rssKb
  }

  async closeServer() {
    await this.server?.stop()
  }

  async close() {
    await Promise.all([this.publisher, this.readers, this.server].map((child) => child?.stop()))
  }

  async #look() {
    const { cores, redisPid } = this.options
    const pids = [
      ...['server', 'readers', 'publisher'].map((name) => this.#child(/** @type {'server'} */ (name)).pid),
      redisPid,
    ]
    const [usages, core, all] = await Promise.all([
      Promise.all(pids.map(usageOf)),
      coreTimes(cores.others),
      coreTimes(undefined),
    ])
    const [server, readers] = usages
    if (!server || !readers) throw new Error('server and readers are not started')
    const ours = usages.reduce((sum, { cpuMs }) => sum + cpuMs, ownCpuMs())
    return { atMs: server.atMs, server, readers, core, othersMs: all.busy - ours }
  }

  /** @param {'server' | 'readers' | 'publisher'} name */
  #child(name) {
    const child = this[name]
    if (!child) throw new Error(`${name} is not open`)
    return child
  }
}

/**
 * @param {{ busy: number, all: number }} before
 * @param {{ busy: number, all: number }} after
 */
function busyShare(before, after) {
  return (after.busy - before.busy) / (after.all - before.all)
}

function ownCpuMs() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** @param {string} url */
async function untilReady(url) {
  for (const limit = Date.now() + 120_000; ;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    if (Date.now() > limit) throw new Error('the gateway was not ready within 120 s')
    await pause(5)
  }
}
