import { expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apiRoutes } from '../../src/api/api-routes.ts'
import type { ApiDeps } from '../../src/api/http/api-deps.ts'
import { describeApi } from '../../src/api/openapi/describe-api.ts'
import { describeStreams } from '../../src/api/openapi/describe-streams.ts'
import { projectRoot } from '../support/cluster.ts'

const LIMIT_MS = 60_000
const routes = apiRoutes({} as ApiDeps)

interface Linted {
  readonly problems: readonly {
    readonly ruleId: string
    readonly message: string
    readonly location: readonly { readonly pointer?: string; readonly source: { readonly ref: string } }[]
  }[]
}

it(
  'the linter finds no fault in the descriptions, their references and examples',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flashline-descriptions-'))
    try {
      const files = { 'openapi.json': describeApi(routes), 'asyncapi.json': describeStreams(routes) }
      for (const [name, description] of Object.entries(files))
        await writeFile(join(folder, name), JSON.stringify(description))

      const problems = await lint(Object.keys(files).map((name) => join(folder, name)))

      const faults = problems.map(
        ({ ruleId, message, location: [at] }) => `${ruleId}: ${message} ${at?.pointer}`,
      )
      // OpenAPI has no place for the message that a reader sends on a WebSocket; AsyncAPI has one.
      const known = 'no-unused-components: Component: "Acknowledgement" is never used.'
      expect(faults.filter((fault) => !fault.startsWith(known))).toEqual([])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
  LIMIT_MS,
)

async function lint(files: readonly string[]): Promise<Linted['problems']> {
  const linter = join(projectRoot, 'node_modules/@redocly/cli/bin/cli.js')
  const config = join(projectRoot, 'redocly.yaml')
  const text = await new Promise<string>((done, fail) => {
    // The exit code is 1 where there is a fault; the output has the result in every case.
    execFile(
      process.execPath,
      [linter, 'lint', ...files, '--config', config, '--format', 'json'],
      {
        timeout: LIMIT_MS,
        maxBuffer: 1 << 26,
        env: {
          PATH: process.env.PATH,
          REDOCLY_TELEMETRY: 'off',
          REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
        },
      },
      (error, stdout, stderr) => {
        if (stdout.startsWith('{')) done(stdout)
        else fail(new Error(stdout + stderr, { cause: error }))
      },
    )
  })
  // It writes one JSON text for each file, with nothing between them.
  return text.split(/(?<=^\})(?=\{$)/m).flatMap((each) => (JSON.parse(each) as Linted).problems)
}
