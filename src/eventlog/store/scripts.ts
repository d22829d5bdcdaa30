import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { messageOf, UnavailableError } from '../../platform/errors.ts'

const names = [
  'create-feed',
  'save-headline',
  'release-due',
  'flag-sibling',
  'find-headlines',
  'compare-and-write',
  'keep-receipt',
] as const
type ScriptName = (typeof names)[number]

type Run = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>
export type Scripts = Readonly<Record<ScriptName, Run>>

export function loadScripts(redis: Redis): Scripts {
  const common = source('common')
  return Object.fromEntries(
    names.map((name) => [name, runner(redis, `${common}\n${source(name)}`)]),
  ) as unknown as Scripts
}

function source(name: string): string {
  return readFileSync(new URL(`../lua/${name}.lua`, import.meta.url), 'utf8')
}

/** Errors: UnavailableError when Redis did not answer; any other error is a broken contract of ours. */
function runner(redis: Redis, script: string): Run {
  const sha = createHash('sha1').update(script).digest('hex')
  return async (keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw named(error)
    }
    try {
      return await redis.eval(script, keys.length, ...keys, ...args)
    } catch (error) {
      throw named(error)
    }
  }
}

/** Answers of a Redis that is there and will not help: anything else (OOM, READONLY, LOADING, no connection) may pass. */
const OURS = /^(CONTRACT|WRONGTYPE|ERR (?!max number of clients))/

/** Whether it may pass by itself, as opposed to what is wrong with one key or script. */
export function isUnavailable(error: unknown): boolean {
  return !OURS.test(messageOf(error))
}

function named(error: unknown): unknown {
  return isUnavailable(error) ? new UnavailableError(messageOf(error), { cause: error }) : error
}

/** Runs plain commands under the same rule: what Redis does not answer is an UnavailableError. */
export async function answered<T>(command: Promise<T>): Promise<T> {
  try {
    return await command
  } catch (error) {
    throw named(error)
  }
}
