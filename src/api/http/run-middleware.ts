import type { Request, RequestHandler, Response } from 'express'

/** Runs an Express middleware as one step of a function. Errors: the error that it passes to `next`. */
export function runMiddleware(middleware: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (error?: unknown) => {
      if (error === undefined) resolve()
      else reject(error instanceof Error ? error : new Error('refused', { cause: error }))
    }
    Promise.resolve(middleware(req, res, next)).catch(next)
  })
}
