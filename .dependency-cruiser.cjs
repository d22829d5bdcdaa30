/**
 * Who may import whom. One table; every folder not named for a folder is forbidden to it.
 * @type {Record<string, string[]>}
 */
const mayImport = {
  'src/protocol': [],
  'src/platform': [],
  'src/desk': ['src/protocol'],
  'src/eventlog': ['src/platform', 'src/protocol'],
  'src/people': ['src/eventlog', 'src/platform', 'src/protocol'],
  'src/fanout': ['src/platform', 'src/protocol'],
  'src/syndication': ['src/eventlog', 'src/platform', 'src/protocol'],
  'src/api': [
    'src/desk',
    'src/people',
    'src/eventlog',
    'src/fanout',
    'src/syndication',
    'src/platform',
    'src/protocol',
  ],
  'src/gateway': ['src/eventlog', 'src/fanout', 'src/platform', 'src/protocol'],
  workers: ['src/desk', 'src/eventlog', 'src/fanout', 'src/syndication', 'src/platform', 'src/protocol'],
  // A package of its own: it ships nothing of ours beside itself.
  'web/sdk': [],
  'web/lines': [],
  'web/widget': ['src/protocol', 'web/lines', 'web/sdk'],
  'web/page': ['src/protocol', 'web/lines', 'web/sdk'],
  'web/embed': ['src/protocol', 'web/lines', 'web/page', 'web/sdk'],
}

const tableRules = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder.replace('/', '-')}-imports`,
  comment: `${folder} may import ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: '^(src|workers|web|test|bench|scripts)/', pathNot: `^(${[folder, ...allowed].join('|')})/` },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...tableRules,
    {
      name: 'protocol-stays-portable',
      comment: 'The contract runs in browsers too: zod is its one dependency',
      severity: 'error',
      from: { path: '^src/protocol/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'desk-is-pure',
      comment: 'Newsroom rules know no Redis, no Express and no Node',
      severity: 'error',
      from: { path: '^src/desk/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports is dead; main files are where programs begin',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '^(src|workers)/main\\.ts$',
          '^web/page/page\\.ts$',
          '^web/widget/define\\.ts$',
          '^web/embed/(builder|frame|parent)\\.ts$',
          '\\.d\\.ts$',
        ],
      },
      to: {},
    },
    {
      name: 'no-unlisted-packages',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
