/**
 * Who may import whom. One table; every folder not named for a folder is forbidden to it.
 * @type {Record<string, string[]>}
 */
const mayImport = {
  'src/protocol': [],
  'src/platform': ['src/protocol'],
  'src/desk': ['src/protocol'],
  'src/eventlog': ['src/platform', 'src/protocol'],
  'src/people': ['src/eventlog', 'src/platform', 'src/protocol'],
  'src/partners': ['src/people', 'src/eventlog', 'src/platform', 'src/protocol', 'src/webhooks'],
  'src/webhooks': ['src/protocol'],
  'src/fanout': ['src/platform', 'src/protocol'],
  'src/archive': ['src/eventlog', 'src/platform', 'src/protocol'],
  'src/api': [
    ...[
      'src/archive',
      'src/desk',
      'src/partners',
      'src/people',
      'src/eventlog',
      'src/fanout',
      'src/platform',
      'src/protocol',
    ],
  ],
  'src/conformance': ['src/platform', 'src/protocol'],
  'src/syndication': ['src/platform', 'src/protocol'],
  'src/gateway': ['src/eventlog', 'src/fanout', 'src/platform', 'src/protocol', 'src/syndication'],
  workers: [
    ...[
      'src/archive',
      'src/desk',
      'src/people',
      'src/eventlog',
      'src/fanout',
      'src/platform',
      'src/protocol',
      'src/webhooks',
    ],
  ],
  // A package of its own: it ships nothing of ours beside itself.
  'web/sdk': [],
  'web/lines': [],
  'web/widget': ['src/protocol', 'web/lines', 'web/sdk'],
  'web/page': ['src/protocol', 'web/lines', 'web/sdk'],
  'web/desk': ['src/protocol', 'web/lines', 'web/sdk', 'web/widget'],
  'web/conformance': [],
  'web/on-air': ['src/protocol', 'web/lines', 'web/sdk'],
  'web/embed': ['src/protocol', 'web/lines', 'web/page', 'web/sdk'],
}

/**
 * The rooms of one folder, from the ground up: a room may import those below it that are named here.
 * @type {Record<string, Record<string, string[]>>}
 */
const rooms = {
  'src/gateway': {
    bytes: [],
    partners: [],
    admission: ['partners'],
    pages: [],
    memory: ['bytes'],
    readers: ['bytes', 'admission', 'memory', 'partners'],
    upstream: ['bytes', 'memory', 'partners', 'readers'],
    websocket: ['bytes', 'admission', 'memory', 'partners', 'readers', 'upstream'],
    http: ['bytes', 'admission', 'memory', 'partners', 'readers', 'upstream'],
    embeds: ['admission', 'http', 'memory', 'pages', 'partners', 'readers', 'upstream'],
    documents: ['admission', 'embeds', 'http', 'memory', 'partners', 'readers', 'upstream'],
    'on-air': ['pages'],
    board: ['embeds', 'http', 'memory', 'pages', 'readers', 'upstream'],
  },
  'src/api': {
    live: [],
    duties: [],
    http: ['duties', 'live'],
    people: ['duties', 'http', 'live'],
    headlines: ['duties', 'http', 'live'],
    editions: ['headlines', 'http', 'live'],
    receipts: ['headlines', 'http', 'live'],
    'on-air': ['http'],
    queues: ['http'],
    partners: ['http', 'people'],
    feeds: ['duties', 'headlines', 'http', 'live'],
    desk: ['headlines', 'http', 'live', 'receipts'],
    composing: ['headlines', 'http'],
    'desk-page': [],
    'docs-page': [],
    openapi: ['headlines', 'http', 'live'],
  },
  'src/eventlog': {
    store: [],
    duties: ['store'],
    feeds: ['duties', 'store'],
    audit: ['store'],
    partners: ['store'],
    webhooks: ['store'],
  },
}

const roomRules = Object.entries(rooms).flatMap(([folder, allowed]) =>
  Object.entries(allowed).map(([room, below]) => ({
    name: `${folder.replace('/', '-')}-${room}-imports`,
    comment: `${folder}/${room} may import ${below.join(', ') || 'no other room'} of ${folder}`,
    severity: 'error',
    from: { path: `^${folder}/${room}/` },
    to: { path: `^${folder}/`, pathNot: `^${folder}/(${[room, ...below].join('|')})/` },
  })),
)

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
    ...roomRules,
    {
      name: 'protocol-stays-portable',
      comment: 'The contract runs in browsers too: zod is its one dependency',
      severity: 'error',
      from: { path: '^src/protocol/' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'lists-import-nothing',
      comment: 'Pages and widgets take the lists of the contract without its schemas',
      severity: 'error',
      from: { path: '^src/protocol/lists/' },
      to: { pathNot: '^src/protocol/lists/' },
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
      name: 'no-folder-cycles',
      comment: 'Folders have an order, as files have',
      severity: 'error',
      scope: 'folder',
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
          '^web/conformance/conformance\\.ts$',
          '^web/widget/define\\.ts$',
          '^web/embed/(builder|frame|parent)\\.ts$',
          '^web/on-air/(page|settings|template)\\.(ts|js)$',
          '^web/desk/main\\.tsx$',
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
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
