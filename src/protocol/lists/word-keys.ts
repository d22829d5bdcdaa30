import { urgencies } from './urgencies.ts'

/** The words around headlines that a feed may replace by its own. */
export const wordKeys = [
  ...urgencies,
  /** The word in front of the headlines of a ticker. */
  'label',
  'corrected',
  'updated',
  'pinned',
  'withdrawn',
  'held',
  'empty',
  'frozen',
  'refused',
  'notLive',
  'offline',
  'unconfirmed',
  'waiting',
  'recalled',
  'pause',
  'play',
  'previous',
  'next',
  'hide',
  'show',
] as const
export type WordKey = (typeof wordKeys)[number]

/** In these words `#` stands for a number or a time. */
export const wordsWithNumber = ['unconfirmed', 'waiting'] as const satisfies readonly WordKey[]

/** These may be longer. */
export const sentences = [
  ...wordsWithNumber,
  'empty',
  'frozen',
  'refused',
  'notLive',
  'recalled',
] as const satisfies readonly WordKey[]
