import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Answer } from './answer.ts'

/**
 * Answers with a text that is made while it is sent: no faster than the client reads, and no more of it is in memory than
 * one chunk and the buffer of the connection. The first chunk is made before the answer begins, so that a fault is
 * answered as a problem. A later fault breaks the connection: the text is then not complete, and has no end in HTTP.
 */
export async function streamText(
  logger: Logger,
  headers: Readonly<Record<string, string>>,
  chunks: AsyncGenerator<string>,
): Promise<Answer> {
  const first = await chunks.next()
  return {
    status: 200,
    stream(response) {
      response.status(200).set(headers)
      if (response.req.method === 'HEAD') {
        response.end()
        void chunks.return(undefined)
        return
      }
      pipeline(Readable.from(withFirst(first, chunks)), response).catch((error: unknown) => {
        // A client that leaves is no fault.
        if (!response.destroyed || !response.req.destroyed)
          logger.warn({ event: 'stream-broken', error: messageOf(error) })
      })
    },
  }
}

async function* withFirst(
  first: IteratorResult<string>,
  rest: AsyncGenerator<string>,
): AsyncGenerator<string> {
  if (first.done) return
  yield first.value
  yield* rest
}
