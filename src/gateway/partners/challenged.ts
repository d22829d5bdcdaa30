import type { IncomingMessage } from 'node:http'
import { Problem } from '../../platform/problem.ts'

const BASIC_AND_BEARER = 'Basic realm="flashline", charset="UTF-8", Bearer realm="flashline"'

/**
 * The refusal of a credential, with the schemes that the reader may use (RFC 9110, section 11.6.1). Basic is named only to a
 * reader that uses it or asks for it: a browser shows a dialog for it, also for a request of a page.
 */
export function challenged(problem: Problem, { headers, url = '' }: IncomingMessage): Problem {
  const { code, extra } = problem
  const knowsBasic = /^basic /i.test(headers.authorization ?? '') || /[?&]auth=basic(&|$)/.test(url)
  if (code !== 'partner-refused' || !knowsBasic) return problem
  return new Problem(code, { extra, headers: { 'WWW-Authenticate': BASIC_AND_BEARER } })
}
