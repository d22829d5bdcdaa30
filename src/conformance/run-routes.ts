import express, { Router, type Request } from 'express'
import { z } from 'zod'
import { exactPaths } from '../platform/create-app.ts'
import { Problem } from '../platform/problem.ts'
import type { Runs } from './runs.ts'

const MAX_LINES = 500
/** 500 lines of the usual length. */
export const MAX_BODY = '256kb'
const wishesSchema = z.strictObject({
  withKey: z.boolean().default(false),
  byHand: z.boolean().default(false),
})
const stripSchema = z.object({
  lines: z.array(z.object({ id: z.string().max(64), text: z.string().max(1_000) })).max(MAX_LINES),
})
const answerSchema = z.object({ step: z.string(), isShown: z.boolean() })

/** Starting a run, looking at it, and telling it what the client shows. Whoever knows the id of a run may do all of it. */
export function runRoutes(runs: Runs): Router {
  const router = Router(exactPaths)
  const json = express.json({ limit: MAX_BODY, type: () => true })
  router.options(['/', '/:run', '/:run/strip', '/:run/answers'], (_request, response) => {
    response.set('Access-Control-Allow-Headers', 'Content-Type')
    response.set('Access-Control-Allow-Methods', 'GET, POST').status(204).end()
  })
  router.post('/', json, (request, response) => {
    const run = runs.start(read(request, wishesSchema))
    response.status(201).json(run.state())
  })
  router.get('/:run', (request, response) => {
    response.json(runs.find(request.params.run).state())
  })
  router.post('/:run/strip', json, (request, response) => {
    runs.find(request.params.run).report(read(request, stripSchema).lines)
    response.status(204).end()
  })
  router.post('/:run/answers', json, (request, response) => {
    const { step, isShown } = read(request, answerSchema)
    runs.find(request.params.run).answer(step, isShown)
    response.status(204).end()
  })
  return router
}

/** Errors: Problem `invalid-body`, with each fault. */
function read<T>({ body }: Request, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body ?? {})
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({
    field: path.map((part) => `/${String(part)}`).join(''),
    message,
  }))
  throw new Problem('invalid-body', { extra: { errors } })
}
