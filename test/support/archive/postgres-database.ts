import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openArchive } from '../../../src/archive/databases/open-archive.ts'
import type { TestDatabase } from './contract.ts'

/** The PostgreSQL that `npm test` has started; undefined where none is found. */
export const testPostgresUrl: string | undefined = process.env.TEST_POSTGRES_URL

/** A database of its own on a server. */
export async function postgresDatabase(
  server = testPostgresUrl ?? '',
): Promise<TestDatabase & { readonly url: string }> {
  const name = `t${randomBytes(6).toString('hex')}`
  await onServer(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    open: () => openArchive(url.href),
    close: () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`),
  }
}

/** Runs one statement. */
export async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
