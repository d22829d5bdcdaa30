import { describe, expect, it } from '@jest/globals'
import { instantOf, instantsOf, localTimeAt, needsChoice } from '../../../../web/desk/composer/zoned-time.ts'

const iso = (at: number) => new Date(at).toISOString()

describe('a local time', () => {
  it.each([
    ['2026-06-01T12:00', 'Europe/Madrid', '2026-06-01T10:00:00.000Z'],
    ['2026-12-01T12:00', 'Europe/Madrid', '2026-12-01T11:00:00.000Z'],
    ['2026-12-01T12:00', 'UTC', '2026-12-01T12:00:00.000Z'],
    ['2026-12-01T00:10', 'Asia/Kathmandu', '2026-11-30T18:25:00.000Z'],
    ['2026-03-29T01:59', 'Europe/Madrid', '2026-03-29T00:59:00.000Z'],
    ['2026-03-29T03:00', 'Europe/Madrid', '2026-03-29T01:00:00.000Z'],
  ])('%s in %s is one instant', (local, zone, instant) => {
    const found = instantsOf({ local, zone })
    expect(found.kind === 'one' && iso(found.at)).toBe(instant)
  })

  it.each([
    ['2026-03-29T02:30', 'Europe/Madrid', '2026-03-29T00:30:00.000Z', '2026-03-29T01:30:00.000Z'],
    ['2026-03-08T02:00', 'America/New_York', '2026-03-08T06:00:00.000Z', '2026-03-08T07:00:00.000Z'],
    ['2026-04-24T00:30', 'Africa/Cairo', '2026-04-23T21:30:00.000Z', '2026-04-23T22:30:00.000Z'],
  ])('%s in %s does not exist, and the times around it are offered', (local, zone, ...instants) => {
    const found = instantsOf({ local, zone })
    expect(found.kind === 'missing' && found.options.map(iso)).toEqual(instants)
    expect(needsChoice({ local, zone })).toBe(true)
  })

  it.each([
    ['2026-10-25T02:30', 'Europe/Madrid', '2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'],
    ['2026-11-01T01:59', 'America/New_York', '2026-11-01T05:59:00.000Z', '2026-11-01T06:59:00.000Z'],
    // The clocks go back by half an hour.
    ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'],
  ])('%s in %s comes twice, and both are offered', (local, zone, ...instants) => {
    const found = instantsOf({ local, zone })
    expect(found.kind === 'twice' && found.options.map(iso)).toEqual(instants)
  })

  it('is certain once one of its instants is chosen, and not by an instant of another time', () => {
    const time = { local: '2026-10-25T02:30', zone: 'Europe/Madrid' }
    const later = Date.parse('2026-10-25T01:30:00Z')
    expect(instantOf(time)).toBeUndefined()
    expect(instantOf({ ...time, choice: later })).toBe(later)
    expect(instantOf({ ...time, choice: later + 1 })).toBeUndefined()
    expect(needsChoice({ ...time, choice: later })).toBe(false)
  })

  it('is read back from each instant of a day on which the clocks change', () => {
    const from = Date.parse('2026-10-24T22:00:00Z')
    for (let minutes = 0; minutes < 300; minutes += 10) {
      const at = from + minutes * 60_000
      expect(instantOf(localTimeAt(at, 'Europe/Madrid'))).toBe(at)
    }
  })

  it('is none while it is not complete', () => {
    expect(instantsOf({ local: '', zone: 'UTC' }).kind).toBe('none')
    expect(instantsOf({ local: '2026-10-25', zone: 'UTC' }).kind).toBe('none')
    expect(needsChoice({ local: '', zone: 'UTC' })).toBe(false)
  })
})
