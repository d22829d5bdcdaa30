import { describe, expect, it } from '@jest/globals'
import {
  acceptanceSchema,
  codeSchema,
  emailSchema,
  newKeySchema,
  signInSchema,
} from '../../../src/protocol/people-requests.ts'

describe('a new key', () => {
  it.each([
    [{ role: 'editor' }, { kind: 'person', roles: { '*': 'editor' } }],
    [{ roles: { en: 'editor' } }, { kind: 'person', roles: { en: 'editor' } }],
    [
      { roles: { en: 'editor' }, kind: 'service' },
      { kind: 'service', roles: { en: 'editor' } },
    ],
  ])('with %j is for %j', (written, expected) => {
    expect(newKeySchema.parse({ name: 'Desk', ...written })).toEqual({ name: 'Desk', ...expected })
  })

  it.each([
    [{}, 'roles: either role or roles'],
    [{ role: 'editor', roles: { en: 'editor' } }, 'roles: either role or roles'],
    [{ roles: {} }, 'roles: no role at all'],
  ])('with %j is refused: %s', (written, fault) => {
    const { error } = newKeySchema.safeParse({ name: 'Desk', ...written })
    expect(error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([fault])
  })

  it('is of a kind that is known', () => {
    expect(newKeySchema.safeParse({ name: 'Desk', role: 'editor', kind: '' }).success).toBe(false)
  })
})

describe('an email', () => {
  it.each([
    ['Ann@News.Example', 'ann@news.example'],
    ['  ann@news.example ', 'ann@news.example'],
    ['ａｎｎ@news.example', 'ａｎｎ@news.example'],
  ])('%j is kept as %s', (written, kept) => {
    expect(emailSchema.parse(written)).toBe(kept)
  })

  it.each(['', 'ann', '@news.example', 'ann@', 'a@b@c', 'ann <ann@news.example>', 'a,b@news.example'])(
    '%j is refused',
    (written) => {
      expect(emailSchema.safeParse(written).error?.issues[0]?.message).toBe('not an email address')
    },
  )
})

it('a new password has twelve characters at least', () => {
  const taken = (password: string) => acceptanceSchema.safeParse({ token: 't', name: 'Ann', password })
  expect(taken('x'.repeat(12)).success).toBe(true)
  expect(taken('x'.repeat(11)).error?.issues[0]?.message).toBe('shorter than 12 characters')
})

it('one signs in with a password or a token, and not with both', () => {
  const password = { email: 'ann@news.example', password: 'x' }
  expect(signInSchema.parse(password)).toEqual(password)
  expect(signInSchema.parse({ token: 't' })).toEqual({ token: 't' })
  for (const written of [{}, { ...password, token: 't' }, { email: 'ann@news.example' }])
    expect(signInSchema.safeParse(written).success).toBe(false)
})

it('a code may be pasted with blanks around it', () => {
  expect(codeSchema.parse({ code: ' 123456 ' })).toEqual({ code: '123456' })
})
