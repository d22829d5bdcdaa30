import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'
import { ConfigError, processRoles, readConfig, type Config, type ProcessRole } from './platform/config.ts'
import { messageOf } from './platform/errors.ts'
import { createLogger } from './platform/logger.ts'
import { superviseProcesses } from './platform/processes.ts'
import { startService, type Service } from './service/service.ts'

/** `node dist/src/main.js [all | api | gateway | worker]` */
async function main(): Promise<void> {
  const role = roleAsked(process.argv[2] ?? 'all')
  const config = readConfig(process.env, role)
  const running = await run(role, config)

  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    void running.stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // Started by another process that is gone: nobody would stop this one.
  process.on('disconnect', stop)
  // Otherwise Node ends a process whose supervisor is gone, before its readers have heard of it.
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
  // Not in the log: whoever reads the token can sign in with it.
  process.send?.({ type: 'ready', url: running.url, firstSignIn: running.firstSignIn })
}

async function run(role: ProcessRole, config: Config): Promise<Service> {
  const wanted = config.GATEWAY_PROCESSES === 'auto' ? availableParallelism() : config.GATEWAY_PROCESSES
  const alone = role !== 'gateway' || wanted === 1 || cluster.isWorker
  if (alone) return startService(role, config)
  return superviseProcesses(wanted, config.DRAIN_MS, createLogger(config.LOG_LEVEL, 'supervisor'))
}

function roleAsked(word: string): ProcessRole {
  const role = processRoles.find((known) => known === word)
  if (role) return role
  throw new ConfigError(`There is no role ${word}; choose one of ${processRoles.join(', ')}.`)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : messageOf(error)}\n`)
  process.exit(1)
})
