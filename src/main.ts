import { pathToFileURL } from 'node:url'
import { startService } from './service.ts'
import { ConfigError, processRoles, readConfig, type ProcessRole } from './platform/config.ts'
import { messageOf } from './platform/errors.ts'

/** `node dist/src/main.js [all | api | gateway | worker]` */
async function main(): Promise<void> {
  const role = roleAsked(process.argv[2] ?? 'all')
  const service = await startService(role, readConfig(process.env))

  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    void service.stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // Started by another process that is gone: nobody would stop this one.
  process.on('disconnect', stop)
  process.send?.({ type: 'ready', url: service.url })
}

function roleAsked(word: string): ProcessRole {
  const role = processRoles.find((known) => known === word)
  if (role) return role
  throw new ConfigError(`There is no role ${word}; choose one of ${processRoles.join(', ')}.`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof ConfigError ? error.message : messageOf(error)}\n`)
    process.exit(1)
  })
}
