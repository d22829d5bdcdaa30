import type { Command } from '../keys/commands.ts'
import type { LineAct } from './line-act.ts'

/** The commands that do the first of these acts which the line allows. */
export const actsOfCommands: Readonly<Partial<Record<Command, readonly LineAct[]>>> = {
  approve: ['approve'],
  return: ['return'],
  reject: ['reject'],
  submit: ['submit'],
  correct: ['save', 'correct'],
  hold: ['hold', 'resume'],
  withdraw: ['withdraw', 'discard'],
  pin: ['pin', 'unpin'],
  label: ['label'],
}
