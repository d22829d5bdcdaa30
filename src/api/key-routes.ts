import { z } from 'zod'
import { deleteApiKey, listApiKeys, roles, type ApiKeyRecord } from '../eventlog/api-keys.ts'
import { plainLine } from '../protocol/text.ts'
import { issueKey } from './api-key.ts'
import type { ApiDeps } from './deps.ts'
import { Problem } from './problem.ts'
import { route, type Route } from './route.ts'

const newKeySchema = z.strictObject({ name: plainLine(80), role: z.enum(roles) })
const keySchema = z.object({ id: z.string(), name: z.string(), role: z.enum(roles), createdAt: z.string() })
const issuedKeySchema = keySchema.extend({ key: z.string().describe('Shown this once') })

export function keyRoutes(deps: ApiDeps): Route[] {
  const { log, logger } = deps
  return [
    route({
      method: 'post',
      path: '/v1/keys',
      summary: 'Make an API key',
      role: 'admin',
      body: newKeySchema,
      answers: { 201: { description: 'The key; it cannot be shown again', schema: issuedKeySchema } },
      problems: [],
      async handle({ body, key: by, requestId }) {
        const { key, record } = await issueKey(deps, body)
        logger.info({ event: 'key-issued', key: record.id, role: record.role, by: by.id, requestId })
        return { status: 201, body: { key, ...shown(record) } }
      },
    }),
    route({
      method: 'get',
      path: '/v1/keys',
      summary: 'List the API keys, without their secrets',
      role: 'admin',
      answers: { 200: { description: 'Oldest first', schema: z.object({ keys: z.array(keySchema) }) } },
      problems: [],
      async handle() {
        return { status: 200, body: { keys: (await listApiKeys(log)).map(shown) } }
      },
    }),
    route({
      method: 'delete',
      path: '/v1/keys/{key}',
      summary: 'Revoke an API key',
      role: 'admin',
      answers: { 204: { description: 'Revoked; it opens nothing from now on' } },
      problems: ['no-such-key', 'last-admin-key'],
      async handle({ params: { key = '' }, key: by, requestId }) {
        const outcome = await deleteApiKey(log, key)
        if (outcome === 'unknown') throw new Problem('no-such-key')
        if (outcome === 'last-admin') throw new Problem('last-admin-key')
        logger.info({ event: 'key-revoked', key, by: by.id, requestId })
        return { status: 204 }
      },
    }),
  ]
}

function shown({ id, name, role, createdAt }: ApiKeyRecord): z.output<typeof keySchema> {
  return { id, name, role, createdAt }
}
