import { describe, expect, it } from '@jest/globals'
import { isWiderThan } from '../../../src/partners/partner.ts'
import { partnerRequestSchema } from '../../../src/protocol/partner-requests.ts'

const settings = (extra: object = {}) =>
  partnerRequestSchema.parse({ name: 'Acme', contact: 'desk@acme.example', feeds: ['en'], ...extra })
const origins = ['https://acme.example']
const soon = '2027-01-01T00:00:00Z'
const later = '2027-02-01T00:00:00Z'

describe('settings of a partner are wider', () => {
  it.each([
    [{}, { feeds: ['en', 'ar'] }],
    [{}, { feeds: ['*'] }],
    [{}, { origins }],
    [{ origins }, { origins: ['https://*.acme.example'] }],
    [{ filter: { section: ['sport'] } }, {}],
    [{ filter: { section: ['sport'] } }, { filter: { section: ['sport', 'money'] } }],
    [{ filter: { region: ['eu'] } }, { filter: { region: ['us'] } }],
    [{ filter: { urgency: 'flash' } }, { filter: { urgency: 'routine' } }],
    [{ filter: { urgency: 'flash' } }, {}],
    [{ expiresAt: soon }, { expiresAt: later }],
    [{ expiresAt: soon }, {}],
    [{}, { onAir: true }],
  ])('%j, then %j', (before, after) => {
    expect(isWiderThan(settings(after), settings(before))).toBe(true)
  })

  it.each([
    [{}, { name: 'Acme News', contact: 'news@acme.example', limits: { connections: 9_000 } }],
    [{ feeds: ['*'] }, { feeds: ['en', 'ar'] }],
    [{ feeds: ['en', 'ar'] }, { feeds: ['ar'] }],
    [{ origins }, {}],
    [{ onAir: true }, {}],
    [{}, { filter: { section: ['sport'], urgency: 'flash' } }],
    [{ filter: { section: ['sport', 'money'] } }, { filter: { section: ['money'] } }],
    [{}, { expiresAt: later }],
    [{ expiresAt: later }, { expiresAt: soon }],
  ])('not %j, then %j', (before, after) => {
    expect(isWiderThan(settings(after), settings(before))).toBe(false)
  })
})
