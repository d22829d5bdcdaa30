import cluster, { type Worker } from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'
import { AggregatorRegistry, type Registry, type RegistryContentType } from 'prom-client'
import type { Logger } from './logger.ts'

/** A process that lived shorter than this is started again with growing patience. */
const SHORT_LIFE_MS = 10_000
const RESTART_CAP_MS = 5_000
const METRICS_LIMIT_MS = 2_000
/** What a process may take to close when its readers are sent away. */
const CLOSE_LIMIT_MS = 10_000

export interface Processes {
  readonly url: string
  /** Ends all of them as SIGTERM does; settles when they are gone. */
  stop(): Promise<void>
}

/**
 * Runs this program `count` times on one port, sharing nothing but the listening socket; one that dies is started
 * again alone. `drainMs`: over how long each may send its readers away. Settles when all listen. Errors: a process
 * that ends before it listened for the first time.
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
    // A message to a process that is just dying: its exit follows.
    worker.on('error', () => undefined)
    worker.once('exit', (code, signal) => {
      if (stopping) return
      shortLives = Date.now() - startedAt < SHORT_LIFE_MS ? shortLives + 1 : 0
      const afterMs = Math.min(RESTART_CAP_MS, shortLives === 0 ? 0 : 100 * 2 ** shortLives)
      logger.error({
        event: 'process-died',
        process: worker.process.pid,
        code,
        signal,
        restartAfterMs: afterMs,
      })
      setTimeout(() => {
        if (!stopping) start()
      }, afterMs)
    })
    return worker
  }

  const stop = async (): Promise<void> => {
    stopping = true
    const alive = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
    for (const worker of alive) worker.process.kill('SIGTERM')
    const late = setTimeout(() => {
      for (const worker of alive) if (!worker.isDead()) kill(worker, logger)
    }, drainMs + CLOSE_LIMIT_MS)
    while (Object.keys(cluster.workers ?? {}).length > 0) await delay(20)
    clearTimeout(late)
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
      reject(new Error('A process ended before it listened; its own message says why.'))
    })
  })
}

/** Measurements of all processes together, asked by one of them. Alone, or left alone, it has only its own. */
export function measurements(registry: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => registry.metrics()
  // Answers the supervisor when it collects.
  AggregatorRegistry.setRegistries(registry)
  new AggregatorRegistry()
  let requests = 0
  return () => {
    if (!process.connected) return registry.metrics()
    const id = ++requests
    return new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        process.off('message', hear)
        reject(new Error('the supervisor did not answer'))
      }, METRICS_LIMIT_MS)
      const hear = (message: unknown) => {
        if (!isMetricsAnswer(message) || message.id !== id) return
        clearTimeout(timer)
        process.off('message', hear)
        resolve(message.text)
      }
      process.on('message', hear)
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
