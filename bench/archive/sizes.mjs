/**
 * @typedef {object} Sizes
 * @property {number} feeds
 * @property {number} linesPerDay in each feed
 * @property {number} resumeEvents newest events of each feed that stay in Redis
 * @property {number} days that fill the logs up to `resumeEvents`
 * @property {number} searchedLines in libsql
 * @property {number} searchedInPostgres
 * @property {number} rounds of starts
 * @property {number} posts in each state
 * @property {number} windows with the archiver and without it
 */

/** @type {Sizes} */
export const full = {
  ...{ feeds: 20, linesPerDay: 500, resumeEvents: 10_000, days: 10 },
  ...{ searchedLines: 1_000_000, searchedInPostgres: 10_000_000, rounds: 7, posts: 600, windows: 8 },
}

/** @type {Sizes} */
export const quick = {
  ...{ feeds: 4, linesPerDay: 100, resumeEvents: 400, days: 3 },
  ...{ searchedLines: 20_000, searchedInPostgres: 50_000, rounds: 3, posts: 100, windows: 2 },
}
