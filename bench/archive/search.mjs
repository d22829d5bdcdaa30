import { pathToFileURL } from 'node:url'
import { markdownTable, short } from '../support/machine.mjs'
import { quantiles } from '../support/quantiles.mjs'
import { heading, verdicts } from '../support/report.mjs'
import { startKeptPostgres } from './kept-postgres.mjs'
import { languageOf, someRank } from './newsroom-words.mjs'
import { dayMs, feedName, personOf, storyOf, years } from './past-line.mjs'

const searches = 200
const warmUp = 10
const pageSize = 50
const month = 30 * dayMs

/** @typedef {import('../../src/eventlog/find-headlines.ts').HeadlineQuery} Query */
/** @typedef {{ query: Query, after?: { id: string, ms: number } }} Search */

/** @param {import('./context.mjs').Context} context */
export async function searchLibsql(context) {
  const url = pathToFileURL(await context.pastFile()).href
  await search(context, { name: 'libsql', url, lines: context.sizes.searchedLines, target: 200 })
}

/** @param {import('./context.mjs').Context} context */
export async function searchPostgres(context) {
  const { code, texts, sizes, dataFolder } = context
  const made = { code, texts, folder: dataFolder, count: sizes.searchedInPostgres, feeds: sizes.feeds }
  const server = await startKeptPostgres(made)
  if (!server) {
    console.log('\nThe search in PostgreSQL is left out, because no PostgreSQL is found.')
    return
  }
  try {
    await search(context, {
      name: 'PostgreSQL',
      url: server.url,
      lines: sizes.searchedInPostgres,
      target: 100,
    })
  } finally {
    await server.stop()
  }
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {{ name: string, url: string, lines: number, target: number }} database
 */
async function search(context, { name, url, lines, target }) {
  const { code, sizes } = context
  const { newsroom } = await context.day()
  const archive = await code.openArchive(url)
  heading(
    `Search in ${name}`,
    `ms for a page of ${pageSize} of ${lines.toLocaleString('en')} lines in ${sizes.feeds} feeds and of those of the last day in Redis, by the reading of the api.`,
  )
  try {
    const rows = []
    for (const [what, make] of Object.entries(searchesIn(context, lines / sizes.feeds))) {
      const ms = []
      for (let n = -warmUp; n < searches; n++) {
        const feed = Math.floor(Math.random() * sizes.feeds)
        const { query, after } = make(feed)
        const sources = { store: newsroom.store, archive: () => archive }
        const begun = performance.now()
        const page = await code.findLines(sources, feedName(feed), query, pageSize, after)
        if (n >= 0) ms.push(performance.now() - begun)
        if (page.searched !== 'all') throw new Error('only the recent lines were searched')
      }
      rows.push({ what, ms, ...quantiles(ms) })
    }
    const all = { what: 'all of these', ...quantiles(rows.flatMap(({ ms }) => ms)) }
    console.log(
      markdownTable(
        ['search', 'p50', 'p99', 'max'],
        [...rows, all].map(({ what, p50, p99, max }) => [what, ...[p50, p99, max].map(short)]),
      ),
    )
    const slowest = rows.reduce((a, b) => (b.p99 > a.p99 ? b : a))
    verdicts([
      ['p99 of all searches, ms', all.p99, '≤', target],
      [`p99 of the slowest kind (${slowest.what}), ms`, slowest.p99, '≤', target],
    ])
  } finally {
    await archive.close()
  }
}

/**
 * @param {import('./context.mjs').Context} context
 * @param {number} linesPerFeed
 * @returns {Record<string, (feed: number) => Search>}
 */
function searchesIn({ texts }, linesPerFeed) {
  /** @type {(low: number, high: number) => number} */
  const between = (low, high) => Math.floor(low + Math.random() * (high - low))
  /** @type {(feed: number, ranks: number[]) => string[]} */
  const words = (feed, ranks) => [
    ...new Set(ranks.map((rank) => texts.terms[languageOf(feed)]?.[rank] ?? '')),
  ]
  /** @type {(part?: Partial<Query>) => Search} */
  const search = (part = {}) => ({ query: { statuses: [], words: [], attention: false, ...part } })
  const past = () => Math.floor(Date.now() - Math.random() * years * 365 * dayMs)
  const author = () => personOf(between(0, 40))
  return {
    'all lines, the newest': () => search(),
    'all lines, deep in the past': () => ({ ...search(), after: { id: 'x', ms: past() } }),
    'a word of running text': (feed) => search({ words: words(feed, [someRank()]) }),
    'two words of running text': (feed) => search({ words: words(feed, [someRank(), someRank()]) }),
    'three words of running text': (feed) =>
      search({ words: words(feed, [someRank(), someRank(), someRank()]) }),
    'a word in most lines': (feed) => search({ words: words(feed, [between(0, 3)]) }),
    'a rare word': (feed) => search({ words: words(feed, [between(20_000, 50_000)]) }),
    'two words in one of 20 lines each': (feed) =>
      search({ words: words(feed, [between(20, 40), between(20, 40)]) }),
    'three words in one of 20 lines each': (feed) =>
      search({ words: words(feed, [between(20, 40), between(20, 40), between(20, 40)]) }),
    'a frequent and a rare word': (feed) =>
      search({ words: words(feed, [between(0, 3), between(2_000, 20_000)]) }),
    'a word, deep in the past': (feed) => ({
      ...search({ words: words(feed, [someRank()]) }),
      after: { id: 'x', ms: past() },
    }),
    'a word in one month': (feed) => {
      const since = past()
      return search({ words: words(feed, [someRank()]), since, until: since + month })
    },
    'status withdrawn': () => search({ statuses: ['withdrawn'] }),
    'a word and a status': (feed) => search({ words: words(feed, [someRank()]), statuses: ['withdrawn'] }),
    'an author': () => search({ author: author() }),
    'an author and a word': (feed) => search({ author: author(), words: words(feed, [someRank()]) }),
    'a story': () => search({ story: storyOf(between(0, linesPerFeed)) }),
  }
}
