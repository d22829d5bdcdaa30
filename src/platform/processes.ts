import cluster, { type Worker } from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { AggregatorRegistry, type Registry, type RegistryContentType } from 'prom-client'
import type { Logger } from './logger.ts'

/** A process that lived shorter than this is restarted after a delay, which doubles each time. */
const SHORT_LIFE_MS = 10_000
const MAX_RESTART_DELAY_MS = 5_000
const METRICS_TIMEOUT_MS = 2_000
/** Time that a process has to close after its readers are closed. */
const CLOSE_TIMEOUT_MS = 10_000

export interface Processes {
  readonly url: string
  /** Sends SIGTERM to all processes; settles when they have ended. */
  stop(): Promise<void>
}

/**
 * Runs this program in `count` processes on one port. They share only the listening socket, and a process that dies is
 * restarted alone. `drainMs`: time that each process has to close its readers. Settles when all listen. Errors: when a
 * process ends before it listens for the first time.
 */
export async function superviseProcesses(count: number, drainMs: number, logger: Logger): Promise<Processes> {
  const metrics = new AggregatorRegistry()
  let stopping = false
  let shortLives = 0

  const start = (): Worker => {
    const worker = cluster.fork()
    const startedAt = Date.now()
    worker.on('message', (message: unknown) => {
      if (isMetricsRequest(message)) void answerMetrics(worker, metrics, message.id)
    })
    // A message to a dying process fails; its 'exit' event follows.
    worker.on('error', () => undefined)
    worker.once('exit', (code, signal) => {
      if (stopping) return
      shortLives = Date.now() - startedAt < SHORT_LIFE_MS ? shortLives + 1 : 0
      const restartAfterMs = Math.min(MAX_RESTART_DELAY_MS, shortLives === 0 ? 0 : 100 * 2 ** shortLives)
      logger.error({
        event: 'process-died',
        process: worker.process.pid,
        code,
        signal,
        restartAfterMs,
      })
      setTimeout(() => {
        if (!stopping) start()
      }, restartAfterMs)
    })
    return worker
  }

  const stop = async (): Promise<void> => {
    stopping = true
    const alive = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
    for (const worker of alive) worker.process.kill('SIGTERM')
    const killTimer = setTimeout(() => {
      for (const worker of alive) if (!worker.isDead()) kill(worker, logger)
    }, drainMs + CLOSE_TIMEOUT_MS)
    while (Object.keys(cluster.workers ?? {}).length > 0) await delay(20)
    clearTimeout(killTimer)
  }

  try {
    const [url = ''] = await Promise.all(Array.from({ length: count }, () => listening(start())))
    return { url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function kill({ process }: Worker, logger: Logger): void {
  logger.error({ event: 'process-killed', process: process.pid })
  process.kill('SIGKILL')
}

function listening(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.once('listening', ({ address, port }) => {
      resolve(`http://${address.includes(':') ? `[${address}]` : address}:${port}`)
    })
    worker.once('exit', () => {
      reject(new Error('A process ended before it listened on its port. Its own log has the reason.'))
    })
  })
}

/** Gives the metrics of all processes of the supervisor. Without a supervisor, those of this process. */
export function measurements(registry: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => registry.metrics()
  // The constructor adds the listener that answers the supervisor's collection.
  AggregatorRegistry.setRegistries(registry)
  new AggregatorRegistry()
  let requests = 0
  return () => {
    if (!process.connected) return registry.metrics()
    const id = ++requests
    return new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        process.off('message', onMessage)
        reject(new Error('the supervisor did not answer'))
      }, METRICS_TIMEOUT_MS)
      const onMessage = (message: unknown) => {
        if (!isMetricsAnswer(message) || message.id !== id) return
        clearTimeout(timer)
        process.off('message', onMessage)
        resolve(message.text)
      }
      process.on('message', onMessage)
      process.send?.({ type: 'metrics-wanted', id })
    })
  }
}

async function answerMetrics(
  worker: Worker,
  metrics: AggregatorRegistry<RegistryContentType>,
  id: number,
): Promise<void> {
  const text = await metrics.clusterMetrics().catch((error: unknown) => `# ${String(error)}\n`)
  if (worker.isConnected()) worker.send({ type: 'metrics', id, text })
}

function isMetricsRequest(message: unknown): message is { type: 'metrics-wanted'; id: number } {
  return (
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'metrics-wanted'
  )
}

function isMetricsAnswer(message: unknown): message is { type: 'metrics'; id: number; text: string } {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'metrics'
}
