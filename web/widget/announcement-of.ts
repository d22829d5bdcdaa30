import { urgencyWord } from '../../src/protocol/line-words.ts'
import { element } from '../lines/element.ts'
import type { Headline } from '../sdk/index.ts'
import { languageName } from './language-name.ts'
import type { TickerWords } from './ticker-words.ts'

/**
 * The text for screen readers: the words around a line in the ticker's language, the line in its own one. A line in
 * another language comes with the name of that language, since many screen readers go on with the same voice.
 */
export function announcementOf(
  lines: readonly Headline[],
  words: TickerWords,
  feedLang?: string,
): (Node | string)[] {
  const [only, second] = lines
  if (!only) return [words.recalled]
  if (second) return [words.waiting.replace('#', lines.length.toLocaleString(words.locale))]
  const { urgency, speaker, text, lang = feedLang } = only
  const around = [urgencyWord(words, urgency), lang && languageName(lang, words.lang), '']
  const said = [speaker, text].filter(Boolean).join(': ')
  return [around.filter((word) => word !== undefined).join(': '), element('span', { lang }, said)]
}
