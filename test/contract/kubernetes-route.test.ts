import { expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { kubernetesManifests } from '../support/kubernetes-manifests.ts'

interface Match {
  readonly path: { readonly type: 'Exact' | 'PathPrefix' | 'RegularExpression'; readonly value: string }
  readonly method?: string
  readonly headers?: readonly { readonly name: string; readonly value: string }[]
}
interface Rule {
  readonly matches: readonly Match[]
  readonly backendRefs: readonly [{ readonly name: string }]
  readonly timeouts: object
}
interface Request {
  readonly method: string
  readonly path: string
  /** The method that a browser asks for. */
  readonly asksFor?: string
}

const route = (await kubernetesManifests()).find(({ kind }) => kind === 'HTTPRoute')
const { rules } = route?.spec as { rules: readonly Rule[] }
const nginx = await readFile(new URL('../../deploy/nginx.conf', import.meta.url), 'utf8')

const paths = [
  ...['/', '/showcase', '/embed', '/widget/a.js', '/feeds/en/feed.json', '/on-air/en', '/oembed', '/unknown'],
  ...['/desk', '/desk/', '/desk/app.js', '/deskless', '/docs', '/docs/streams', '/problems/busy'],
  ...['/healthz', '/readyz', '/metrics', '/.well-known/jwks.json', '/v1', '/v1/', '/v10', '/v1/feeds'],
  ...[
    '',
    '/events',
    '/live',
    '/words',
    '/strip.html',
    '/stripxhtml',
    '/headlines',
    '/as-of/events',
    '/live/x',
  ].map((part) => `/v1/feeds/en${part}`),
  ...['/v1/keys', '/v1/desk/feeds', '/v1/partners/p/webhooks', '/v1/openapi.json'],
]
const requests: readonly Request[] = paths.flatMap((path) => [
  ...['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'].map((method) => ({ method, path })),
  ...['GET', 'HEAD', 'POST'].map((asksFor) => ({ method: 'OPTIONS', path, asksFor })),
])

it('the route sends each request to the role to which nginx sends it', () => {
  const roles = requests.map((request) => [request, roleByRoute(request)])
  expect(new Set(roles.map(([, role]) => role))).toEqual(new Set(['api', 'gateway']))
  expect(roles).toEqual(requests.map((request) => [request, roleByNginx(request)]))
})

it('no rule ends a stream by a time-out', () => {
  for (const { timeouts } of rules) expect(timeouts).toEqual({ request: '0s', backendRequest: '0s' })
})

/** By the order of the Gateway API: the kind of the path, its length, the method, the headers. */
function roleByRoute(request: Request): string | undefined {
  const fitting = rules.flatMap(({ matches, backendRefs: [{ name }] }) =>
    matches.filter((match) => fits(match, request)).map((match) => ({ match, name })),
  )
  const order = ['PathPrefix', 'RegularExpression', 'Exact']
  const rank = ({ path, method, headers = [] }: Match) => [
    order.indexOf(path.type),
    path.value.length,
    method === undefined ? 0 : 1,
    headers.length,
  ]
  fitting.sort((a, b) => {
    const [left, right] = [rank(a.match), rank(b.match)]
    return left.map((value, at) => (right[at] ?? 0) - value).find((difference) => difference !== 0) ?? 0
  })
  return fitting[0]?.name.replace('flashline-', '')
}

function fits({ path: { type, value }, method, headers = [] }: Match, request: Request): boolean {
  const { path } = request
  const isPath = {
    Exact: () => path === value,
    RegularExpression: () => new RegExp(value).test(path),
    // Whole parts of the path: /v1 is a prefix of /v1/feeds and not of /v10.
    PathPrefix: () => value === '/' || path === value || path.startsWith(`${value}/`),
  }[type]()
  const isMethod = method === undefined || method === request.method
  return isPath && isMethod && headers.every((header) => header.value === request.asksFor)
}

/** By the two maps of nginx.conf. */
function roleByNginx({ method, path, asksFor = '' }: Request): string {
  const isReading = patternsIn('$flashline_method').some(([test]) => test.test(`${method}:${asksFor}`))
  const line = `${isReading ? 'GET' : method} ${path}`
  return patternsIn('$flashline_role').find(([test]) => test.test(line))?.[1] ?? 'api'
}

function patternsIn(variable: string): [RegExp, string][] {
  const start = nginx.indexOf(` ${variable} {`)
  expect(start).toBeGreaterThan(0)
  const block = nginx.slice(start, nginx.indexOf('\n  }', start))
  return [...block.matchAll(/"~(.+)" (\w+);/g)].map(([, pattern = '', role = '']) => [
    new RegExp(pattern),
    role,
  ])
}
