import { describe, expect, it } from '@jest/globals'
import { frameAncestors } from '../../../../src/gateway/embeds/frame-ancestors.ts'

describe('who may show a frame', () => {
  it('is this server alone where no other site is named', () => {
    expect(frameAncestors([])).toEqual(["'self'"])
  })

  it('is everybody where all are allowed, whoever is named beside', () => {
    expect(frameAncestors(['https://news.example', '*'])).toEqual(['*'])
  })

  it.each([
    'https://news.example',
    'http://localhost:3000',
    'https://[2001:db8::1]:8443',
    'capacitor://localhost',
    'HTTPS://NEWS.EXAMPLE',
  ])('is %s where it is allowed', (origin) => {
    expect(frameAncestors([origin])).toEqual(["'self'", origin])
  })

  it.each([
    'null',
    '',
    '*.example',
    'news.example',
    'https://*.example',
    "https://news.example; script-src 'unsafe-inline'",
    'https://news.example https://evil.example',
    'https://news.example,https://evil.example',
    'https://news.example/path',
    'https://news.example\nX: y',
    "'unsafe-inline'",
    'data:',
    'https://',
    '1https://news.example',
  ])('is not %j, which would mean something else', (origin) => {
    expect(frameAncestors([origin])).toEqual(["'self'"])
  })
})
