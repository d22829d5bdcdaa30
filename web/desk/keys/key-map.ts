import { useSyncExternalStore } from 'react'
import { kept } from '../platform/kept.ts'
import { commandNames, commands, type Command } from './commands.ts'

/** The keys of one person in this browser. */
export interface KeyMap {
  /** The key of each command: an `event.code`, with `Shift+` in front where it needs the shift key. */
  readonly codes: Readonly<Record<Command, string>>
  /** Single keys act only where they are switched on (WCAG 2.1.4). */
  readonly isOn: boolean
}

const usualCodes = Object.fromEntries(commandNames.map((name) => [name, commands[name].code])) as Record<
  Command,
  string
>

let map = keptMap()
const listeners = new Set<() => void>()

export function useKeyMap(): KeyMap {
  return useSyncExternalStore(onChange, keyMap)
}

export function keyMap(): KeyMap {
  return map
}

/** The command that has a key already, if it is another one. */
export function commandOf(code: string, except: Command): Command | undefined {
  return commandNames.find((name) => name !== except && map.codes[name] === code)
}

export function giveKey(command: Command, code: string): void {
  change({ ...map, codes: { ...map.codes, [command]: code } })
}

export function switchKeys(isOn: boolean): void {
  change({ ...map, isOn })
}

export function resetKeys(): void {
  change({ ...map, codes: usualCodes })
}

export function onChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function change(changed: KeyMap): void {
  map = changed
  kept.set('keys', JSON.stringify(changed))
  for (const listener of listeners) listener()
}

/** A kept map of an older version of the page may lack commands, or name some that are gone. */
function keptMap(): KeyMap {
  try {
    const read = JSON.parse(kept.get('keys') ?? '{}') as { codes?: Record<string, unknown>; isOn?: unknown }
    const codes = commandNames.map((name) => {
      const code = read.codes?.[name]
      return [name, typeof code === 'string' ? code : commands[name].code]
    })
    return { codes: Object.fromEntries(codes) as Record<Command, string>, isOn: read.isOn !== false }
  } catch {
    return { codes: usualCodes, isOn: true }
  }
}
