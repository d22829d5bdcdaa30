import { describe, expect, it } from '@jest/globals'
import { Problem } from '../../../../src/platform/problem.ts'
import { problemOf } from '../../../../src/api/http/problem-of.ts'
import { fieldErrors } from '../../../../src/api/http/read-body.ts'
import { DamagedError, UnavailableError } from '../../../../src/platform/errors.ts'
import { problemBody } from '../../../../src/protocol/problems.ts'

const bodyFault = (type: string) => Object.assign(new Error(type), { type })

describe('what is thrown becomes a problem', () => {
  it.each([
    [new Problem('no-such-feed'), 'no-such-feed'],
    [new UnavailableError('gone'), 'log-unavailable'],
    [new DamagedError('fl:{en}:policy', 'no JSON'), 'record-damaged'],
    [bodyFault('entity.parse.failed'), 'malformed-json'],
    [bodyFault('entity.too.large'), 'body-too-large'],
    [bodyFault('charset.unsupported'), 'unsupported-media-type'],
    [new URIError('%zz'), 'malformed-request'],
    [bodyFault('never heard of'), 'internal-error'],
    [bodyFault('toString'), 'internal-error'],
    [new Error('secret detail'), 'internal-error'],
    ['a string', 'internal-error'],
    [undefined, 'internal-error'],
  ])('%s: %s', (thrown, code) => {
    expect(problemOf(thrown).code).toBe(code)
  })

  it('and says nothing of the inside', () => {
    const { code, extra } = problemOf(new Error('secret detail'))

    expect(JSON.stringify(problemBody(code, extra))).not.toContain('secret')
  })

  it.each([
    ['fl:{en}:policy', { feed: 'en', record: 'policy' }],
    ['fl:{en}:states 0123', { feed: 'en', record: 'states' }],
    ['secret:{@desk}:accounts', { record: 'accounts' }],
    ['secret:feeds', { record: 'feeds' }],
  ])('and names a damaged record: %s', (key, named) => {
    const { extra } = problemOf(new DamagedError(key, 'secret detail'))
    expect(extra).toEqual(named)
  })
})

it('fields are named by JSON pointer', () => {
  const issue = { code: 'custom' as const, message: 'no', input: undefined }
  expect(
    fieldErrors([
      { ...issue, path: [] },
      { ...issue, path: ['regions', 0] },
      { ...issue, path: ['a/b', 'c~d'] },
      { code: 'unrecognized_keys', keys: ['x', 'y'], path: ['z'], message: '', input: {} },
    ]).map(({ field }) => field),
  ).toEqual(['', '/regions/0', '/a~1b/c~0d', '/z/x', '/z/y'])
})
