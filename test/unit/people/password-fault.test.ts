import { describe, expect, it } from '@jest/globals'
import { passwordFault } from '../../../src/people/password-fault.ts'

const own = ['ada.lovelace@example.org', 'Ada Lovelace']

describe('a new password', () => {
  it.each([
    ['blanks', ' '.repeat(12)],
    ['NULs', '\0'.repeat(12)],
    ['one letter', 'a'.repeat(12)],
    ['one fullwidth letter', '\uFF41'.repeat(12)],
    ['a repeated group', 'abcabcabcabc'],
    ['a row of keys', 'qwertyuiop12'],
    ['digits in order', '123456789012'],
    ['a common password', 'password1234'],
    ['a common password in disguise', 'P@ssw0rd1234'],
    ['the own address', 'ada.lovelace@example.org'],
    ['the own address in capitals', 'ADA.LOVELACE@example.org'],
    ['the own name', 'Ada Lovelace'],
  ])('is refused when it is %s', async (_what, password) => {
    expect(typeof (await passwordFault(password, own))).toBe('string')
  })

  it.each([
    'correct horse battery',
    'a long password of mine',
    'kV9#tz2!mQ7w',
    '\u043A\u043E\u0440\u0440\u0435\u043A\u0442 \u043B\u043E\u0448\u0430\u0434\u044C',
  ])('may be %j', async (password) => {
    expect(await passwordFault(password, own)).toBeUndefined()
  })

  it('of 256 characters is estimated too', async () => {
    expect(typeof (await passwordFault('P@ssw0rd'.repeat(32), own))).toBe('string')
  })
})
