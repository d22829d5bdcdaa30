import { diffWordsWithSpace } from 'diff'
import './archive.css'

/** Two texts in one: words that went and words that came, word by word. */
export function WordDiff({ before, after }: { readonly before: string; readonly after: string }) {
  return diffWordsWithSpace(before, after).map(({ value, added, removed }, at) => {
    if (added) return <ins key={at}>{value}</ins>
    return removed ? <del key={at}>{value}</del> : <span key={at}>{value}</span>
  })
}
