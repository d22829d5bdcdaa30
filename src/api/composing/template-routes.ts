import { z } from 'zod'
import { readTemplates, writeTemplate } from '../../eventlog/feeds/templates.ts'
import { actBy } from '../../people/principal.ts'
import { Problem } from '../../platform/problem.ts'
import {
  storedTemplateSchema,
  templateIdSchema,
  templateSchema,
  type Template,
} from '../../protocol/composing-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { etagOf, seenVersion } from '../http/conditions.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'

const path = '/v1/feeds/{feed}/templates'
const problems = ['no-such-feed', 'no-such-template', 'stale-version'] as const

export function templateRoutes({ store }: ApiDeps): Route[] {
  /** Errors: Problem, UnavailableError. */
  async function change(call: Call<unknown>, wanted: Template | null) {
    const seen = seenVersion(call.headers)
    const feed = await existingFeedOf(store, call)
    const id = templateIdOf(call)
    const outcome = await writeTemplate(store, feed, { id, seen, wanted }, actBy(actorOf(call)))
    if (outcome === 'full') throw new Problem('too-many-templates')
    if (outcome !== 'changed') return outcome
    const current = (await readTemplates(store, feed)).find((template) => template.id === id)
    if (!current && wanted === null) throw new Problem('no-such-template')
    throw new Problem('stale-version', { extra: { ...(current && { current }) } })
  }

  return [
    route({
      method: 'get',
      path,
      operationId: 'getTemplates',
      tag: 'feeds',
      summary: 'Read the templates of the composer',
      role: 'reader',
      answers: {
        200: { description: 'By name', schema: z.object({ templates: z.array(storedTemplateSchema) }) },
      },
      problems: ['no-such-feed'],
      async handle(call) {
        return {
          status: 200,
          body: { templates: await readTemplates(store, await existingFeedOf(store, call)) },
        }
      },
    }),
    route({
      method: 'put',
      path: `${path}/{template}`,
      operationId: 'setTemplate',
      tag: 'feeds',
      summary: 'Make a template of the composer, or change one',
      role: 'editor',
      body: templateSchema,
      ifMatch: 'required',
      answers: {
        200: {
          description: 'The ETag is the version, for If-Match; a new template has the version 0 before',
          schema: storedTemplateSchema,
          headers: ['ETag'],
        },
      },
      problems: [...problems, 'too-many-templates'],
      async handle(call) {
        const stored = await change(call, call.body)
        if (stored === 'removed') throw new Problem('no-such-template')
        return { status: 200, headers: { ETag: etagOf(stored.version) }, body: stored }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/{template}`,
      operationId: 'removeTemplate',
      tag: 'feeds',
      summary: 'Remove a template of the composer',
      role: 'editor',
      ifMatch: 'required',
      answers: { 204: { description: 'Removed' } },
      problems,
      async handle(call) {
        await change(call, null)
        return { status: 204 }
      },
    }),
  ]
}

/** Errors: Problem. */
function templateIdOf({ params }: Call<unknown>): string {
  const read = templateIdSchema.safeParse(params.template)
  if (!read.success) throw new Problem('no-such-template')
  return read.data
}
