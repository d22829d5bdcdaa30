import { healthOperations, fileOperations, contractRoutes } from '../../protocol/service-routes.ts'
import { asRunPreflightOperation } from '../../protocol/as-run.ts'
import { operationTags, type Operation } from '../../protocol/operation.ts'
import { preflightRoutes, readerRoutes } from '../../protocol/reader-routes.ts'
import type { Route } from '../http/route.ts'
import { Components } from './components.ts'
import { describeOperation } from './describe-operation.ts'
import { operationOf } from './operation-of.ts'
import { securitySchemes } from './security-schemes.ts'

/**
 * OpenAPI 3.1, made from the tables and schemas that serve. The tests hold every answer of the service against it
 * (test/support/contract).
 */
export function describeApi(routes: readonly Route[]): object {
  const components = new Components()
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of operationsOf(routes))
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: describeOperation(operation, components),
    }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Flashline',
      version: '1',
      description:
        'Breaking lines, in one order. PROTOCOL.md has the frames and how a reader folds them. ' +
        'HEAD works wherever GET does. Any other method gets 405 `method-not-allowed` with `Allow`, any other ' +
        'address 404 `no-such-route`, and 429 `too-many-requests` after 600 of these within a minute. New members, frame types and codes may come at any time.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(operationTags).map(([name, description]) => ({ name, description })),
    paths,
    components: { ...components.described(), securitySchemes },
  }
}

function operationsOf(routes: readonly Route[]): Operation[] {
  return [
    ...Object.values(readerRoutes),
    ...preflightRoutes,
    asRunPreflightOperation,
    ...Object.values(fileOperations),
    ...routes.map(operationOf),
    ...Object.values(contractRoutes),
    ...Object.values(healthOperations),
  ]
}
