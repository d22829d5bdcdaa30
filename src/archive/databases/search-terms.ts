import type { ArchivedLine } from '../archive.ts'

/** Feed, status, author, story or word. A term begins with its kind, so no word is taken for a story. */
export type TermKind = 't' | 'a' | 's' | 'w'

/** The terms of a line in the search index. Each begins with the feed, so the index has a list for each word and feed. */
export function searchTermsOf({ feed, status, authors, story, words }: ArchivedLine): string[] {
  return [
    searchTermOf(feed, 't', status),
    ...authors.map((author) => searchTermOf(feed, 'a', author)),
    ...(story === undefined ? [] : [searchTermOf(feed, 's', story)]),
    ...words.map((word) => searchTermOf(feed, 'w', word)),
  ]
}

/** Characters at which the tokenizer of FTS5 would split a term, or that end a quoted term. */
const BREAKS = /[\0-\x20\x7f"']/g

export function searchTermOf(feed: string, kind: TermKind, value: string): string {
  return `${feed}:${kind}:${value}`.replace(BREAKS, '·')
}

/** The term of all lines of a feed. */
export function allOf(feed: string): string {
  return `${feed}:`
}
