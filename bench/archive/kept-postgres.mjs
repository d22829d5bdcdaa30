/** A PostgreSQL whose archive of many lines is made fast and kept for the next run. */
import { writeFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { findPostgres, startPostgres } from '../../scripts/support/postgres-server.mjs'
import { fillArchive } from './fill-archive.mjs'
import { dayMs, years } from './past-line.mjs'

const server = { shared_buffers: '1GB', effective_cache_size: '8GB', max_wal_size: '8GB' }
/** Without a disk to wait for: the data is whole once the server has stopped. */
const whileMaking = { ...server, maintenance_work_mem: '4GB', fsync: 'off', full_page_writes: 'off' }

/** The lines of the first part of the three years come again in each further part, with other ids: that is much faster. */
const parts = 5

/**
 * @param {object} wanted
 * @param {import('./service-code.mjs').ServiceCode} wanted.code
 * @param {import('./past-line.mjs').Texts} wanted.texts
 * @param {string} wanted.folder
 * @param {number} wanted.count
 * @param {number} wanted.feeds
 * @returns {Promise<{ url: string, pid: number, stop: () => Promise<unknown> } | undefined>} undefined: there is no PostgreSQL
 */
export async function startKeptPostgres({ code, texts, folder, count, feeds }) {
  const programs = await findPostgres()
  if (!programs) return undefined
  const home = join(folder, `postgres-${count}`)
  const mark = join(folder, `postgres-${count}-made`)
  if ((await readFile(mark, 'utf8').catch(() => '')) === '') {
    const making = await startPostgres({ programs, settings: whileMaking, home })
    try {
      await makeLines(code, making.url, async () => {
        await openAndFill(code, making.url, texts, { count, feeds, first: count / parts })
        await repeatLines(making.url)
      })
    } finally {
      await making.stop()
    }
    await writeFile(mark, `${count} lines\n`)
  }
  return startPostgres({ programs, settings: server, home })
}

/**
 * The rows are those of `write`, but the indexes are built once over all of them.
 *
 * @param {import('./service-code.mjs').ServiceCode} code
 * @param {string} url
 * @param {() => Promise<void>} fill
 */
async function makeLines(code, url, fill) {
  const archive = await code.openArchive(url)
  await archive.close()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(
      `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
       WHERE tablename = 'lines' AND indexname NOT LIKE '%pkey'`,
    )
    for (const { name } of rows) await client.query(`DROP INDEX ${name}`)
    await fill()
    for (const { name, definition } of rows) {
      process.stderr.write(`PostgreSQL builds the index ${name}\n`)
      await client.query(definition)
    }
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
}

/** @param {string} url of an archive with the lines of the first part */
export async function repeatLines(url) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const later = Math.floor((years * 365 * dayMs) / parts)
    for (let part = 1; part < parts; part++) {
      process.stderr.write(`PostgreSQL gets part ${part + 1} of ${parts}\n`)
      await client.query(
        `INSERT INTO lines
           (feed, id, created_at, ended_at, status, version, story, section, authors, words, terms, stored, erased)
         SELECT feed, substr(translate(encode(sha256((id || $1)::bytea), 'base64'), '+/', '-_'), 1, 22),
           created_at + $2, ended_at + $2, status, version, story, section, authors, words, terms, stored, erased
         FROM lines WHERE created_at < $3 ORDER BY created_at`,
        [String(part), part * later, await endOfFirstPart(client, later)],
      )
    }
  } finally {
    await client.end()
  }
}

/**
 * @param {pg.Client} client
 * @param {number} later ms from one part to the next
 */
async function endOfFirstPart(client, later) {
  const { rows } = await client.query('SELECT min(created_at)::float8 AS oldest FROM lines')
  return Number(rows[0]?.oldest) + later
}

/**
 * @param {import('./service-code.mjs').ServiceCode} code
 * @param {string} url
 * @param {import('./past-line.mjs').Texts} texts
 * @param {{ count: number, feeds: number, first: number }} wanted
 */
async function openAndFill(code, url, texts, wanted) {
  const archive = await code.openArchive(url)
  try {
    await fillArchive(archive, texts, wanted)
  } finally {
    await archive.close()
  }
}
