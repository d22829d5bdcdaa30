import type { MessageId } from '../platform/languages.ts'

/** A shortcut of the desk: its usual key, by the key's place (`event.code`), and its words in the list and the palette. */
interface Shortcut {
  readonly code: string
  readonly text: MessageId
}

/**
 * The commands that have a key, in the order of the list. A person may give each another key; a layout of another script
 * changes nothing, because a key is named by its place.
 */
export const commands = {
  new: { code: 'KeyN', text: 'keys.new' },
  next: { code: 'KeyJ', text: 'keys.next' },
  previous: { code: 'KeyK', text: 'keys.previous' },
  approve: { code: 'KeyA', text: 'act.approve' },
  return: { code: 'KeyR', text: 'act.return' },
  reject: { code: 'Shift+KeyR', text: 'act.reject' },
  submit: { code: 'KeyS', text: 'act.submit' },
  correct: { code: 'KeyE', text: 'keys.edit' },
  hold: { code: 'KeyH', text: 'keys.hold' },
  withdraw: { code: 'KeyW', text: 'keys.withdraw' },
  pin: { code: 'KeyP', text: 'keys.pin' },
  label: { code: 'KeyB', text: 'act.label' },
  undo: { code: 'KeyU', text: 'keys.undo' },
  search: { code: 'Slash', text: 'keys.search' },
  help: { code: 'Shift+Slash', text: 'keys.help' },
} as const satisfies Readonly<Record<string, Shortcut>>

export type Command = keyof typeof commands

export const commandNames = Object.keys(commands) as readonly Command[]
