import { describe, expect, it } from '@jest/globals'
import { clearCookie, readCookie, setCookie } from '../../../../src/api/http/cookies.ts'

const read = (cookie: string | undefined, secure: boolean, name: 'session' | 'sso' = 'session') =>
  readCookie({ headers: cookie === undefined ? {} : { cookie }, secure }, name)

describe('a cookie', () => {
  it('is set so that only this host gets it, no script reads it and no other site sends it', () => {
    expect(setCookie('session', 'token', 61_999, true).split('; ').sort()).toEqual(
      ['HttpOnly', 'Max-Age=61', 'Path=/', 'SameSite=Lax', 'Secure', '__Host-flashline=token'].sort(),
    )
    expect(setCookie('sso', 'token', 1_000, false).split('; ').sort()).toEqual(
      ['HttpOnly', 'Max-Age=1', 'Path=/', 'SameSite=Lax', 'flashline-sso=token'].sort(),
    )
  })

  it('is taken away by an empty one that is over, under the same name', () => {
    expect(clearCookie('session', true)).toMatch(/^__Host-flashline=;.*Max-Age=0/)
    expect(clearCookie('sso', false)).toMatch(/^flashline-sso=;.*Max-Age=0/)
  })

  it('is read back, beside others', () => {
    for (const secure of [true, false]) {
      const [pair = ''] = setCookie('session', 'a-b_c', 1_000, secure).split(';')
      expect(read(`first=1; ${pair}; last=2`, secure)).toBe('a-b_c')
      expect(read(pair, !secure)).toBeUndefined()
      expect(read(pair, secure, 'sso')).toBeUndefined()
    }
  })

  it('over https is none that another subdomain can have planted', () => {
    expect(read('flashline=planted', true)).toBeUndefined()
    expect(read('__Secure-flashline=planted', true)).toBeUndefined()
    expect(read('__Host-flashline=own; flashline=planted', true)).toBe('own')
  })

  it('is none where there is none', () => {
    expect(read(undefined, true)).toBeUndefined()
    expect(read('', false)).toBeUndefined()
  })
})
