/** A worker's archiver in a process of its own, which the bench stops and continues by signals. */
import { Redis } from 'ioredis'
import { answerQuestions } from '../support/child.mjs'
import { loadServiceCode } from './service-code.mjs'

answerQuestions({
  async move({ redisUrl, archiveUrl, dist, endedBefore, resumeEvents, backlogLines }) {
    const code = await loadServiceCode(dist)
    const store = code.openStore(new Redis(redisUrl), { keptEvents: 100_000 })
    const archive = new code.ArchiveConnection({
      open: () => code.openArchive(archiveUrl),
      onChange: () => undefined,
    })
    const round = code.archiver({
      ...{
        store,
        archive,
        resumeEvents,
        backlogLines,
        metrics: code.createMetrics(),
        logger: code.createLogger('warn', 'worker'),
      },
      get afterMs() {
        return Date.now() - endedBefore
      },
    })
    for (;;) await round()
  },
})
process.send?.({ type: 'ready' })
