import { messageOf } from '../../platform/errors.ts'
import type { Store } from './store.ts'
import { answered, scriptCommands } from './scripts.ts'

/** Asks Redis about the rights of its user, and runs none of the commands. */
const CHECK = `#!lua flags=no-writes
local missing = {}
for _, json in ipairs(ARGV) do
  local command = cjson.decode(json)
  if not redis.acl_check_cmd(unpack(command)) then table.insert(missing, json) end
end
return missing`

interface NeededRight {
  readonly kind: 'right' | 'channel'
  readonly name: string
  readonly command: readonly string[]
}

/**
 * Tries the commands, keys and channels that the scripts of a role need, and notes those that its Redis user lacks in
 * the store's faults. A script that meets a missing right in the middle would leave its first writes. Errors:
 * UnavailableError.
 */
export async function checkRights(store: Store, role: 'api' | 'worker'): Promise<void> {
  const needs = needsOf(store, role)
  const questions = needs.map(({ command }) => JSON.stringify(command))
  const missing = new Set(await missingOf(store, questions))
  needs.forEach(({ kind, name }, index) => {
    if (missing.has(questions[index] ?? '')) store.faults.found(kind, name, 'the Redis user lacks this right')
    else store.faults.mended(kind, name)
  })
}

async function missingOf({ redis, faults }: Store, questions: readonly string[]): Promise<string[]> {
  try {
    const missing = (await answered(redis.eval(CHECK, 0, ...questions))) as string[]
    faults.mended('right', 'eval')
    return missing
  } catch (error) {
    if (!messageOf(error).startsWith('NOPERM')) throw error
    faults.found('right', 'eval', error)
    return []
  }
}

function needsOf({ keys }: Store, role: 'api' | 'worker'): NeededRight[] {
  const { live, desk, witness, written, ...stored } = keys.feed('x')
  const apiKeys = role === 'api' ? [keys.feeds, ...texts(keys.desk)] : []
  const apiChannels =
    role === 'api' ? [keys.desk.desk, keys.feedsChanged, keys.writtenAsked, keys.feed('x').presence] : []
  const webhookKeys = [keys.webhooks.state('x'), keys.webhooks.deliveries('x'), keys.webhooks.acks('x')]
  const key = keys.feed('x').states
  return [
    // Every argument is the key: for some commands all arguments are keys.
    ...scriptCommands.map((command) => right(command.toLowerCase(), [command, key, key, key, key])),
    right(`read ${keys.feeds}`, ['SMEMBERS', keys.feeds]),
    right(`read ${keys.desk.webhookAccess}`, ['GET', keys.desk.webhookAccess]),
    ...[...texts(stored), ...webhookKeys, ...apiKeys].flatMap((name) => [
      right(`read ${anyFeed(name)}`, ['GET', name]),
      right(`write ${anyFeed(name)}`, ['SET', name, '1']),
    ]),
    ...[live, desk, ...apiChannels].map((name): NeededRight => {
      return { kind: 'channel', name: anyFeed(name), command: ['PUBLISH', name, ''] }
    }),
  ]
}

function right(name: string, command: readonly string[]): NeededRight {
  return { kind: 'right', name, command }
}

function texts(names: object): string[] {
  return Object.values(names).filter((name) => typeof name === 'string')
}

function anyFeed(name: string): string {
  return name.replace('{x}', '{*}')
}
