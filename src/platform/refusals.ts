import { STATUS_CODES, type ServerResponse } from 'node:http'

/** What is refused before any route sees it; codes and titles are those of PROTOCOL.md. */
const refusals = {
  'malformed-request': {
    status: 400,
    title: 'The request cannot be read',
    detail: 'What came is not an HTTP/1.1 request to one host.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'This method is not served here',
    detail: 'There are no tunnels.',
  },
  'expectation-failed': {
    status: 417,
    title: 'This expectation cannot be met',
    detail: 'Leave the Expect header out.',
  },
  'header-too-large': {
    status: 431,
    title: 'The request head is too large',
    detail: 'Send a shorter path and fewer headers.',
  },
} as const
type RefusalCode = keyof typeof refusals

/** A whole answer, for a connection that has no response of its own. */
export function refusalBytes(code: RefusalCode): string {
  const { status, headers, body } = refusal(code)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}

export function refuseRequest(response: ServerResponse, code: RefusalCode): void {
  const { status, headers, body } = refusal(code)
  response.writeHead(status, headers).end(body)
}

function refusal(code: RefusalCode) {
  const { status, title, detail } = refusals[code]
  const body = JSON.stringify({ type: `/problems/${code}`, title, status, code, detail })
  const headers = {
    'Content-Type': 'application/problem+json',
    'Content-Length': body.length,
    Connection: 'close',
    // RFC 9110, section 10.2.1: empty where the target takes no method at all.
    ...(status === 405 && { Allow: '' }),
  }
  return { status, headers, body }
}
