import type { ErrorRequestHandler } from 'express'
import { sendProblem } from '../../platform/problem-answer.ts'
import { Problem } from '../../platform/problem.ts'

/** Answers a Problem that a route has thrown. Every other error goes to the service's error handler. */
export const answerProblem: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof Problem) sendProblem(response, error)
  else next(error)
}
