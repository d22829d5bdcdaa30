import type { RequestHandler } from 'express'

/** The longest time that Chromium keeps the answer. */
const MAX_AGE_S = '7200'

/** Lets pages of every origin, and of none, send a report with the key of their output (Fetch, section 3.3.5). */
export const asRunPreflight: RequestHandler = (_request, response) => {
  response
    .status(204)
    .set({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type',
      'Access-Control-Max-Age': MAX_AGE_S,
    })
    .end()
}
