/** Express as most sites use it: `res.json` of one object, which the question `serve` brings. */
import express from 'express'
import { answerQuestions } from '../support/child.mjs'

/** @type {unknown} */
let body
const app = express()
app.get('/', (_request, response) => {
  response.json(body)
})
answerQuestions({ serve: (params) => (body = params.body) && true })
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}` })
})
process.on('disconnect', () => process.exit(0))
