import { afterAll, afterEach } from '@jest/globals'
import { answerLog } from './answer-log.ts'
import { watchAnswers } from './watch-answers.ts'

/** In every test: what the service answers is what its OpenAPI description says. */
const stop = watchAnswers((exchange) => {
  answerLog.took(exchange)
})

afterEach(failOnFaults)
afterAll(async () => {
  stop()
  await failOnFaults()
})

async function failOnFaults(): Promise<void> {
  const faults = await answerLog.faults()
  if (faults.length > 0)
    throw new Error(`Not as the contract says (src/protocol, src/api/openapi):\n${faults.join('\n')}`)
}
