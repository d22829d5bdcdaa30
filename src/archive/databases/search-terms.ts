import type { HeadlineQuery } from '../../eventlog/find-headlines.ts'
import type { ArchivedLine } from '../archive.ts'

/** Characters at which the tokenizer of the search index would split a term, or that end a quoted term. */
const BREAKS = /[\0-\x20\x7f"']/g

/** The terms of a line in the search index; each begins with its kind, so no word is taken for a feed. */
export function searchTermsOf(line: ArchivedLine): string {
  const { feed, status, authors, story, words, erased } = line
  const terms = [
    term('f', feed),
    term('t', status),
    ...authors.map((author) => term('a', author)),
    ...(story === undefined ? [] : [term('s', story)]),
    ...(erased ? [] : words.map((word) => term('w', word))),
  ]
  return terms.join(' ')
}

/** The expression of FTS5 for a feed's lines that meet the conditions. */
export function searchExpressionOf(feed: string, { statuses, words, author, story }: HeadlineQuery): string {
  const all = [
    term('f', feed),
    ...words.map((word) => term('w', word)),
    ...(author === undefined ? [] : [term('a', author)]),
    ...(story === undefined ? [] : [term('s', story)]),
  ]
  const any = statuses.map((status) => quoted(term('t', status))).join(' OR ')
  return [...all.map(quoted), ...(any === '' ? [] : [`(${any})`])].join(' AND ')
}

function term(kind: string, value: string): string {
  return `${kind}:${value.replace(BREAKS, '·')}`
}

function quoted(written: string): string {
  return `"${written}"`
}
