import { expect, it } from '@jest/globals'
import { closeCodes } from '../../../src/protocol/close-codes.ts'
import { endReasons } from '../../../src/protocol/lists/bye-reasons.ts'
import { problemBody, problems, type ProblemCode } from '../../../src/protocol/problems.ts'

const codes = Object.entries(closeCodes)

it('every close code is one that an endpoint may send (RFC 6455, section 7.4)', () => {
  for (const [code] of codes) {
    expect([1005, 1006, 1015]).not.toContain(Number(code))
    expect(
      (Number(code) >= 1000 && Number(code) <= 1014) || (Number(code) >= 4000 && Number(code) <= 4999),
    ).toBe(true)
  }
})

it('every close code has a name of its own that fits into the close frame, and advice', () => {
  expect(new Set(codes.map(([, { name }]) => name)).size).toBe(codes.length)
  for (const [, { name, reader }] of codes) {
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(123)
    expect(reader).toMatch(/\.$/)
  }
})

it('every reason to end a connection is the name of a close code', () => {
  expect(codes.map(([, { name }]) => name)).toEqual(expect.arrayContaining([...endReasons]))
})

it.each(Object.keys(problems) as ProblemCode[])('the problem %s says what it is and what to do', (code) => {
  const { status, body } = problemBody(code)
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect(status).toBeGreaterThanOrEqual(400)
  expect(body).toEqual({
    type: `/problems/${code}`,
    title: expect.stringMatching(/\S/),
    status,
    code,
    detail: expect.stringMatching(/\S/),
  })
})
