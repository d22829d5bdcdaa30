import { describe, expect, it } from '@jest/globals'
import { auditQuerySchema, listQuerySchema } from '../../../src/protocol/list-query.ts'

describe('the question for a list', () => {
  it('is for the newest 50 of all lines when it says nothing', () => {
    expect(listQuerySchema.parse({})).toEqual({ status: [], limit: 50 })
    expect(auditQuerySchema.parse({})).toEqual({ after: 0, limit: 100 })
  })

  it('names each status once', () => {
    expect(listQuerySchema.parse({ status: 'live,due,live' }).status).toEqual(['live', 'due'])
  })

  it('says which statuses there are', () => {
    const { error } = listQuerySchema.safeParse({ status: 'live,dead' })
    expect(error?.issues[0]?.message).toMatch(/^not one of draft, pending, .*, withdrawn, expired$/)
  })

  it.each([
    [{ limit: '1' }, true],
    [{ limit: '100' }, true],
    [{ limit: '0' }, false],
    [{ limit: '101' }, false],
    [{ limit: '1e1' }, false],
    [{ limit: ' 7' }, false],
    [{ limit: '' }, false],
    [{ limit: '-1' }, false],
    [{ attention: 'true' }, true],
    [{ attention: 'false' }, false],
    [{ attention: '' }, false],
    [{ author: '' }, false],
    [{ colour: 'red' }, false],
  ])('%j is one: %j', (query, is) => {
    expect(listQuerySchema.safeParse(query).success).toBe(is)
  })

  it('says what a number is', () => {
    const { error } = auditQuerySchema.safeParse({ after: '1.5' })
    expect(error?.issues[0]?.message).toBe('not a whole number')
    expect(auditQuerySchema.safeParse({ limit: '500' }).success).toBe(true)
    expect(auditQuerySchema.safeParse({ limit: '501' }).success).toBe(false)
  })
})
