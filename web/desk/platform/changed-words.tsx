import { wordDiff } from './word-diff.ts'

export interface ChangedWordsProps {
  readonly before: string
  readonly after: string
  readonly lang: string
}

/** Two texts in one: the words that went and the words that came. */
export function ChangedWords({ before, after, lang }: ChangedWordsProps) {
  return wordDiff(before, after, lang).map(({ kind, text }, at) => {
    if (kind === 'same') return <span key={at}>{text}</span>
    return kind === 'removed' ? <del key={at}>{text}</del> : <ins key={at}>{text}</ins>
  })
}
