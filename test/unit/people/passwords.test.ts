import { describe, expect, it } from '@jest/globals'
import { Passwords } from '../../../src/people/passwords.ts'
import { BusyError } from '../../../src/platform/errors.ts'

/** The limits of the class: running and waiting computations. */
const ADMITTED = 2 + 64

describe('passwords', () => {
  it('match their own hash and no other', async () => {
    const passwords = new Passwords()
    const hash = await passwords.hash('correct horse')
    expect(hash).toMatch(/^\$argon2id\$/)
    expect(hash).not.toBe(await passwords.hash('correct horse'))
    expect(await passwords.isOf('correct horse', hash)).toBe(true)
    for (const wrong of ['', 'Correct horse', 'correct horse ', 'correct hors'])
      expect(await passwords.isOf(wrong, hash)).toBe(false)
  })

  it('are equal for all encodings of a letter', async () => {
    const passwords = new Passwords()
    const hash = await passwords.hash('Ame\u0301lie \uFF11')
    expect(await passwords.isOf('Am\u00E9lie 1', hash)).toBe(true)
    expect(await passwords.isOf('Amelie 1', hash)).toBe(false)
  })

  it('never match without a hash', async () => {
    const passwords = new Passwords()
    expect(await passwords.isOf('', undefined)).toBe(false)
    expect(await passwords.isOf('anything', undefined)).toBe(false)
  })

  it('above the limit are refused at once, all others are checked in turn', async () => {
    const passwords = new Passwords()
    const order: number[] = []
    const looks = Array.from({ length: ADMITTED + 3 }, (_, n) =>
      passwords.hash('x').then(
        () => order.push(n),
        (error: unknown) => error,
      ),
    )
    const outcomes = await Promise.all(looks)
    const refused = outcomes.map((outcome) => outcome instanceof BusyError)
    expect(refused.indexOf(true)).toBe(ADMITTED)
    expect(refused.filter(Boolean)).toHaveLength(3)
    expect(order).toHaveLength(ADMITTED)
    // The queue has free places again.
    expect(await passwords.isOf('x', await passwords.hash('x'))).toBe(true)
  })

  it('are checked after one that failed', async () => {
    const passwords = new Passwords()
    const broken = Array.from({ length: 6 }, () => passwords.isOf('x', 'no hash at all'))
    expect((await Promise.allSettled(broken)).every(({ status }) => status === 'rejected')).toBe(true)
    expect(await passwords.isOf('x', await passwords.hash('x'))).toBe(true)
  })
})
