import { useEffect, useRef } from 'react'
import type { Command } from './commands.ts'

export type Handlers = Readonly<Partial<Record<Command, (() => void) | undefined>>>

/** The handlers of the parts that show now; the newest part comes last. */
const parts: { current: Handlers }[] = []

/** The part that calls it carries these commands out, by key and in the palette, as long as it shows. */
export function useCommands(handlers: Handlers): void {
  const newest = useRef(handlers)
  useEffect(() => {
    newest.current = handlers
  })
  useEffect(() => {
    parts.push(newest)
    return () => {
      parts.splice(parts.indexOf(newest), 1)
    }
  }, [])
}

export function runCommand(command: Command): void {
  handlerOf(command)?.()
}

export function isRunnable(command: Command): boolean {
  return handlerOf(command) !== undefined
}

function handlerOf(command: Command): (() => void) | undefined {
  return [...parts].reverse().find(({ current }) => current[command] !== undefined)?.current[command]
}
