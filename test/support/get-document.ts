import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'

export interface DocumentAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** As they came: fetch would take the compression off. */
  readonly bytes: Buffer
  readonly text: string
}

/** Asks for a document with exactly these headers. */
export function getDocument(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<DocumentAnswer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, text: bytes.toString() })
      })
    })
    asked.on('error', reject).end()
  })
}
