import { afterAll, afterEach, beforeAll } from '@jest/globals'
import { answerLog } from './answer-log.ts'
import type { Exchange } from './exchange.ts'
import { watchAnswers } from './watch-answers.ts'
import { watchFetch } from './watch-fetch.ts'

/** In every test: what the service answers is what its OpenAPI description says. */
const took = (exchange: Exchange) => {
  answerLog.took(exchange)
}
let stops: (() => void)[] = []

// Not before: Jest calls no `afterAll` in a file whose tests are all skipped, and the next file would be watched too.
beforeAll(() => {
  stops = [watchAnswers(took), watchFetch(took)]
})

afterEach(failOnFaults)
afterAll(async () => {
  for (const stop of stops) stop()
  await failOnFaults()
})

async function failOnFaults(): Promise<void> {
  const faults = await answerLog.faults()
  if (faults.length > 0)
    throw new Error(`Not as the contract says (src/protocol, src/api/openapi):\n${faults.join('\n')}`)
}
