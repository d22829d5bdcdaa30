import pg from 'pg'
import { postgresFault } from './postgres-fault.ts'

const MAX_CONNECTIONS = 8
const CONNECT_MS = 5_000
/** Longer than every statement of the archive but those of a migration. */
const STATEMENT_MS = 30_000
/** A server that is silent cannot end the statement itself. */
const SILENT_MS = 5_000
/** One key for all writers of a database, below 2^63: "flashline" in ASCII, its first seven letters. */
const WRITER_LOCK = '0x666c6173686c69'

const INT8 = '20'
/** Numbers of PostgreSQL's bigint are times and counts here, all below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    String(oid) === INT8 ? Number : (pg.types.getTypeParser(oid, format) as unknown),
}

export type Query = <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>

/** Connections to the database. Every method fails with an ArchiveError. */
export class PostgresConnections {
  readonly #pool: pg.Pool

  /** Connects with the first statement. */
  constructor(url: string, statementMs = STATEMENT_MS) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: statementMs,
      query_timeout: statementMs + SILENT_MS,
      idle_in_transaction_session_timeout: STATEMENT_MS,
      keepAlive: true,
      application_name: 'flashline',
      types,
    })
    // An idle connection has ended: the next statement takes or makes another one.
    this.#pool.on('error', () => undefined)
  }

  /** `limitMs`: longest wait for the answer, where it is shorter than that of other statements. */
  async rows<Row>(sql: string, parameters: readonly unknown[] = [], limitMs?: number): Promise<Row[]> {
    const query = { text: sql, values: [...parameters], ...(limitMs && { query_timeout: limitMs }) }
    try {
      const { rows } = await this.#pool.query(query)
      return rows as Row[]
    } catch (error) {
      throw postgresFault(error)
    }
  }

  /** One transaction after the other, over all processes: events get their numbers in the order of writing. */
  async inTransaction<T>(run: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw postgresFault(error)
    })
    const onError = (): void => undefined
    client.on('error', onError)
    const query: Query = async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await client.query(sql, [...parameters])).rows as Row[]
    let broken: unknown
    try {
      await query('BEGIN')
      await query(TAKE_LOCK)
      await query(COMMIT_TO_DISK)
      const value = await run(query)
      await query('COMMIT')
      return value
    } catch (error) {
      await query('ROLLBACK').catch((fault: unknown) => (broken = fault))
      throw toFault(error)
    } finally {
      client.off('error', onError)
      client.release(broken !== undefined)
    }
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }
}

const TAKE_LOCK = `SELECT pg_advisory_xact_lock(${BigInt(WRITER_LOCK)})`
/** A server may be set to answer before the disk has the change. A stricter setting stays. */
const COMMIT_TO_DISK = `SELECT set_config('synchronous_commit', 'on', true)
  WHERE current_setting('synchronous_commit') IN ('off', 'local')`

/** A fault of the database, or an error of the caller's values unchanged. */
function toFault(error: unknown): unknown {
  return error instanceof SyntaxError || error instanceof TypeError ? error : postgresFault(error)
}
