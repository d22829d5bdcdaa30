import type { Action } from '../../../src/protocol/lists/actions.ts'

/** The acts on a line, in the order of the buttons. */
export const lineActs = [
  'approve',
  'return',
  'correct',
  'hold',
  'resume',
  'withdraw',
  'pin',
  'unpin',
] as const satisfies readonly Action[]
export type LineAct = (typeof lineActs)[number]
type FormAct = 'return' | 'correct' | 'withdraw'

/** Acts that take words, or ask once more. */
export const formActs: ReadonlySet<string> = new Set<FormAct>(['return', 'correct', 'withdraw'])

/** The keys of the acts, by their place on the keyboard, so that every layout has them. */
export const keysOfActs: Readonly<Record<string, readonly LineAct[]>> = {
  KeyA: ['approve'],
  KeyR: ['return'],
  KeyE: ['correct'],
  KeyH: ['hold', 'resume'],
  KeyW: ['withdraw'],
  KeyP: ['pin', 'unpin'],
}
