import Database from 'libsql/promise'
import { setTimeout as pause } from 'node:timers/promises'
import { libsqlFault } from './libsql-fault.ts'

/** Another process that writes holds the lock for one batch, or for a migration. */
const BUSY_MS = 10_000
const BUSY_PAUSE_MS = 10
/** Statements that a connection keeps prepared: more than the archive has. */
const MAX_PREPARED = 100

/** The package's own types are `any`. */
interface Statement {
  all(parameters: readonly Parameter[]): Promise<unknown[]>
}

export type Parameter = string | number | bigint | null

/**
 * One connection to the file; it runs one statement after the other. libsql computes a statement on a thread of its own
 * only up to the first row, and the other rows in JavaScript's thread. So each statement here gives one row at most.
 * `get` and `run` of libsql are not used, because they do everything in JavaScript's thread.
 */
export class LibsqlConnection {
  readonly #database: Database
  readonly #prepared = new Map<string, Promise<Statement>>()
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  private constructor(database: Database) {
    this.#database = database
  }

  /** Creates the file unless it exists. Erased words are overwritten in it, too. Errors: ArchiveError. */
  static async open(path: string): Promise<LibsqlConnection> {
    const database = openFile(path)
    try {
      await retryBusy(
        () =>
          database.exec(
            'PRAGMA synchronous = FULL; PRAGMA cache_size = -32000; PRAGMA secure_delete = ON',
          ) as Promise<void>,
      )
      return new LibsqlConnection(database)
    } catch (error) {
      database.close()
      throw libsqlFault(error)
    }
  }

  /** Statements that run or wait. */
  get waiting(): number {
    return this.#waiting
  }

  /** Rows of a SELECT that names its columns as JSON in `row`. Errors: ArchiveError. */
  async rows<Row>(select: string, ...parameters: readonly Parameter[]): Promise<Row[]> {
    const [one] = await this.all<{ all_rows: string }>(
      `SELECT json_group_array(json(row)) AS all_rows FROM (${select})`,
      ...parameters,
    )
    return JSON.parse(one?.all_rows ?? '[]') as Row[]
  }

  /** Any statement that gives one row at most. Errors: ArchiveError. */
  all<Row>(sql: string, ...parameters: readonly Parameter[]): Promise<Row[]> {
    return this.#next(async () => {
      const statement = await this.#prepare(sql)
      return (await statement.all(parameters)) as Row[]
    })
  }

  /** Statements without rows. Errors: ArchiveError. */
  exec(sql: string): Promise<void> {
    return this.#next(() => this.#database.exec(sql) as Promise<void>)
  }

  /** Waits for the statements that run or wait. */
  async close(): Promise<void> {
    await this.#last
    this.#prepared.clear()
    this.#database.close()
  }

  #prepare(sql: string): Promise<Statement> {
    const known = this.#prepared.get(sql)
    if (known) return known
    if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear()
    const statement = this.#database.prepare(sql) as Promise<Statement>
    this.#prepared.set(sql, statement)
    statement.catch(() => this.#prepared.delete(sql))
    return statement
  }

  #next<T>(run: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    const result = this.#last
      .then(() => retryBusy(run))
      .catch((error: unknown) => {
        throw libsqlFault(error)
      })
    this.#last = result.then(
      () => (this.#waiting -= 1),
      () => (this.#waiting -= 1),
    )
    return result
  }
}

function openFile(path: string): Database {
  try {
    return new Database(path, {})
  } catch (error) {
    throw libsqlFault(error)
  }
}

/**
 * Waits while another connection has the lock. `busy_timeout` is not used: it waits in one of libsql's few threads, and
 * where two wait on a computer with two cores, the connection of this process that has the lock gets none to release it.
 */
async function retryBusy<T>(run: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + BUSY_MS
  for (;;) {
    try {
      return await run()
    } catch (error) {
      const isBusy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
      if (!isBusy || performance.now() > deadline) throw error
      await pause(BUSY_PAUSE_MS)
    }
  }
}
