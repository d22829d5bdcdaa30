import type { AnswerHeader } from '../../protocol/http-headers.ts'
import { problemHeaders, type Operation, type OperationSide } from '../../protocol/operation.ts'
import { problemSchema } from '../../protocol/problem-schema.ts'
import { problems, type ProblemCode } from '../../protocol/problems.ts'
import type { Components } from './components.ts'

/** Problems of requests that are refused before a route sees them. */
const everywhere: readonly ProblemCode[] = ['malformed-request', 'expectation-failed', 'header-too-large']

/** The responses with a problem, by status. */
export function describeProblems(
  { problems: own, side }: Operation,
  components: Components,
): Record<string, object> {
  const codes = [...new Set([...own, ...everywhere])].sort()
  const statuses = [...new Set(codes.map((code) => problems[code].status))]
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = codes.filter((code) => problems[code].status === status)
      const response = () => responseOf(side, status, ofStatus, components)
      return [status, components.response(`${side}.${ofStatus.join('.')}`, response)]
    }),
  )
}

function responseOf(
  side: OperationSide,
  status: number,
  codes: readonly ProblemCode[],
  components: Components,
): object {
  const { always = [], atTimes = [] } = broughtBy[status] ?? {}
  return {
    description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join(' '),
    headers: {
      ...components.headers(['Cache-Control', ...always], true),
      ...components.headers([...problemHeaders[side], ...atTimes], false),
    },
    content: {
      ...(side === 'frames' && { 'text/html': { schema: { type: 'string' } } }),
      'application/problem+json': {
        schema: { allOf: [components.schema(problemSchema)], properties: { code: { enum: codes } } },
        examples: Object.fromEntries(codes.map((code) => [code, components.problemExample(code)])),
      },
    },
  }
}

/** Headers that come with a status. */
const broughtBy: Readonly<
  Record<number, { always?: readonly AnswerHeader[]; atTimes?: readonly AnswerHeader[] }>
> = {
  401: { atTimes: ['WWW-Authenticate'] },
  /** The cookie of a session that waits for its second factor. */
  403: { atTimes: ['Set-Cookie'] },
  405: { atTimes: ['Allow'] },
  426: { always: ['Upgrade'] },
  429: { always: ['Retry-After'] },
  503: { always: ['Retry-After'] },
}
