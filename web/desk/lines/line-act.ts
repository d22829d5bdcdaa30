import type { Action } from '../../../src/protocol/lists/actions.ts'
import type { Command } from '../keys/commands.ts'

/** The acts on a line, in the order of the buttons. */
export const lineActs = [
  'approve',
  'return',
  'correct',
  'save',
  'hold',
  'resume',
  'withdraw',
  'pin',
  'unpin',
] as const satisfies readonly Action[]
export type LineAct = (typeof lineActs)[number]
type FormAct = 'return' | 'withdraw'

/** Acts that take words, or ask once more. */
export const formActs: ReadonlySet<string> = new Set<FormAct | ComposerAct>([
  'return',
  'withdraw',
  'correct',
  'save',
])

/** Acts that write words: the composer opens for them. */
type ComposerAct = 'correct' | 'save'
export const composerActs: ReadonlySet<string> = new Set<ComposerAct>(['correct', 'save'])

/** The commands that do the first of these acts which the line allows. */
export const actsOfCommands: Readonly<Partial<Record<Command, readonly LineAct[]>>> = {
  approve: ['approve'],
  return: ['return'],
  correct: ['correct', 'save'],
  hold: ['hold', 'resume'],
  withdraw: ['withdraw'],
  pin: ['pin', 'unpin'],
}
