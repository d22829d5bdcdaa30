/**
 * Starts the PostgreSQL that the selected tests need. Where none is found, their tests are skipped, but not in CI.
 */
import { findPostgres, startPostgres } from './postgres-server.mjs'

/** The end of the name of the files that need it. */
const tests = '-postgres.test.ts'

/**
 * @param {string[]} files as "test/integration/a.test.ts"
 * @param {Parameters<typeof findPostgres>[0]} [options]
 * @returns {Promise<{ env: Record<string, string>, missing: string[], stop: () => Promise<unknown> }>} `env` has the
 *   address of the server, and where tests find the programs for a server of their own
 * @throws {Error} in CI when no PostgreSQL is found
 */
export async function startTestPostgres(files, options) {
  const nothing = { env: {}, missing: [], stop: () => Promise.resolve() }
  if (!files.some((file) => file.endsWith(tests))) return nothing
  const programs = await findPostgres(options)
  if (programs === undefined) {
    if (process.env['CI'] === 'true') throw new Error('This CI run has no PostgreSQL, which it must have')
    return { ...nothing, missing: ['PostgreSQL'] }
  }
  const server = await startPostgres({ programs })
  const env = {
    TEST_POSTGRES_URL: server.url,
    POSTGRES_BIN: programs.bin,
    POSTGRES_LIBRARY_PATH: programs.env['LD_LIBRARY_PATH'] ?? '',
    POSTGRES_ROOT: programs.root ?? '',
  }
  return { env, missing: [], stop: server.stop }
}
