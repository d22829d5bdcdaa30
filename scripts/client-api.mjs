/**
 * `node scripts/client-api.mjs [file]`: writes the reference of the client library, web/sdk/API.md, from its types and
 * their comments. A part without a comment is an error.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application } from 'typedoc'

const projectRoot = resolve(fileURLToPath(import.meta.url), '../..')
const sdk = join(projectRoot, 'web/sdk')
const head = `# Reference of \`@flashline/client\`

<!-- Made by node scripts/client-api.mjs: change the comments of the types, not this file. -->

All that the package exports, as its types say. How to use it: [README.md](README.md).
`
/** Parts of types of the browser; their names explain them. */
const withoutComment = [
  'Environment.WebSocket.__type',
  'Environment.BroadcastChannel.__type',
  'HttpAnswer.headers.__type.get',
  'HttpAnswer.body.__type.getReader',
  'HttpAnswer.body.__type.getReader.__type.read',
  'HttpAnswer.body.__type.getReader.__type.read.__type.done',
  'HttpAnswer.body.__type.getReader.__type.read.__type.value',
]
const tables = /** @type {const} */ ({
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
  tableColumnSettings: { hideDefaults: true, hideModifiers: true, hideSources: true, leftAlignHeaders: true },
})

const folder = await mkdtemp(join(tmpdir(), 'flashline-api-'))
try {
  await writeFile(process.argv[2] ?? join(sdk, 'API.md'), `${head}\n${await reference(folder)}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

/**
 * @param {string} out an empty folder
 * @returns {Promise<string>}
 */
async function reference(out) {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: [join(sdk, 'index.ts')],
    tsconfig: join(sdk, 'tsconfig.json'),
    out,
    logLevel: 'Warn',
    readme: 'none',
    disableSources: true,
    excludeInternal: true,
    sort: ['source-order'],
    groupOrder: ['Functions', 'Interfaces', 'Type Aliases', '*'],
    requiredToBeDocumented: ['Function', 'Interface', 'Property', 'Method', 'TypeAlias'],
    intentionallyNotDocumented: withoutComment,
    validation: { notExported: true, invalidLink: true, notDocumented: true },
    .../** @type {object} */ ({
      outputFileStrategy: 'modules',
      entryFileName: 'API.md',
      hidePageTitle: true,
      hidePageHeader: true,
      hideBreadcrumbs: true,
      useCodeBlocks: true,
      ...tables,
    }),
  })
  const project = await app.convert()
  if (project) app.validate(project)
  if (!project || app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('The types of web/sdk are not ready for a reference: see above')
  await app.generateOutputs(project)
  return readFile(join(out, 'API.md'), 'utf8')
}
