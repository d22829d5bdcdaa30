import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { DamagedError, messageOf, UnavailableError } from '../../platform/errors.ts'

const names = [
  'create-feed',
  'save-headline',
  'find-lost-acts',
  'release-due',
  'flag-sibling',
  'join-edition',
  'put-to-decision',
  'find-headlines',
  'read-news',
  'compare-and-write',
  'keep-receipt',
  'remove-lines',
  'return-line',
  'trim-audit',
  'claim-webhooks',
  'settle-webhook',
] as const
type ScriptName = (typeof names)[number]

const CALL = /redis\.call\('([A-Z]+)'/g

type RunScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>
export type Scripts = Readonly<Record<ScriptName, RunScript>>

export function loadScripts(redis: Redis): Scripts {
  const common = source('common')
  return Object.fromEntries(
    names.map((name) => [name, runner(redis, `${common}\n${source(name)}`)]),
  ) as unknown as Scripts
}

/** The commands that the scripts call, PUBLISH left out: a missing right to a channel is not a missing command. */
export const scriptCommands: readonly string[] = [
  ...new Set(
    ['common', ...names].flatMap((name) =>
      [...source(name).matchAll(CALL)].map(([, command = '']) => command),
    ),
  ),
]

function source(name: string): string {
  return readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), 'utf8')
}

/** Errors: UnavailableError when Redis does not serve the script; DamagedError; any other error is a bug of Flashline. */
function runner(redis: Redis, script: string): RunScript {
  const sha = createHash('sha1').update(script).digest('hex')
  return async (keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw classified(error)
    }
    try {
      return await redis.eval(script, keys.length, ...keys, ...args)
    } catch (error) {
      throw classified(error)
    }
  }
}

/** Errors that a repetition does not cure. All others (OOM, READONLY, LOADING, no connection) may be temporary. */
const OWN_ERRORS = /^(CONTRACT|WRONGTYPE|ERR (?!max number of clients))/

/** Whether an error may be temporary, as opposed to a fault of one key or script. */
export function isUnavailable(error: unknown): boolean {
  return !OWN_ERRORS.test(messageOf(error))
}

/** How a script says that a record has another type, or cannot be read. */
const DAMAGED = /^CONTRACT (\S+) is (?:a \w+, not a|damaged)/

/** The error of a command as UnavailableError where it may be temporary, and as DamagedError where it names a record. */
export function classified(error: unknown): unknown {
  const message = messageOf(error)
  if (isUnavailable(error)) return new UnavailableError(message, { cause: error })
  const [, record] = DAMAGED.exec(message) ?? []
  return record === undefined ? error : new DamagedError(record, message, error)
}

/** Awaits a plain command. Errors: UnavailableError when Redis does not serve it. */
export async function answered<T>(command: Promise<T>): Promise<T> {
  try {
    return await command
  } catch (error) {
    throw classified(error)
  }
}
