import { describe, expect, it } from '@jest/globals'
import { statuses, statusesIn } from '../../../../src/protocol/lists/statuses.ts'
import { inGroups, isGrouped, type DeskHeadline } from '../../../../web/desk/lines/headline.ts'
import { actsOn, opensForm } from '../../../../web/desk/lines/line-act.ts'

const now = Date.parse('2026-11-22T20:00:00Z')
const undoMs = { flash: 0, bulletin: 60_000, urgent: 60_000, routine: 60_000 }
const at = (ms: number) => new Date(now + ms).toISOString()
const mine = { createdBy: 'me', authors: ['me'] }
const others = { createdBy: 'other', authors: ['other'] }
const proposal = { content: { text: 'New', urgency: 'urgent' as const } }

function line(facts: Partial<DeskHeadline>): DeskHeadline {
  const content = { text: 'Words', urgency: 'urgent' as const }
  return { id: 'x', version: 1, status: 'draft', createdAt: at(0), content, desk: others, ...facts }
}

function groupOf(facts: Partial<DeskHeadline>): string | undefined {
  return [...inGroups([line(facts)], { person: 'me', now, undoMs }).keys()][0]
}

describe('the group of a line on the desk', () => {
  it.each([
    ['outgoing', { status: 'due', releaseAt: at(60_000) }],
    ['scheduled', { status: 'due', releaseAt: at(60_001) }],
    ['outgoing', { status: 'due', releaseAt: at(10_000), content: { text: 'Now', urgency: 'flash' } }],
    ['scheduled', { status: 'due', releaseAt: at(10_001), content: { text: 'Now', urgency: 'flash' } }],
    ['approval', { status: 'pending', mayApprove: true }],
    ['submitted', { status: 'pending', mayApprove: false }],
    ['approval', { status: 'live', desk: { ...mine, proposal }, mayApprove: true }],
    ['submitted', { status: 'held', desk: { ...mine, proposal } }],
    ['decision', { status: 'needs-decision', attention: { action: 'needs-decision' } }],
    ['attention', { status: 'live', attention: { action: 'withdraw' } }],
    ['attention', { status: 'held', attention: { action: 'withdraw' } }],
    ['mine', { status: 'draft', desk: mine }],
    ['mine', { status: 'returned', desk: { ...others, authors: ['other', 'me'] } }],
    ['drafts', { status: 'returned' }],
    ['held', { status: 'held' }],
    ['rejected', { status: 'rejected', desk: mine }],
    [undefined, { status: 'live' }],
    [undefined, { status: 'withdrawn' }],
  ] as const)('is %s for %j', (group, facts) => {
    expect(groupOf(facts)).toBe(group)
  })

  it('is missing only for lines that readers see or that have ended', () => {
    const ungrouped = statuses.filter((status) => !isGrouped(line({ status })))
    expect(ungrouped).toEqual(['discarded', 'live', ...statusesIn('ended')])
  })

  it('shows what goes out next first', () => {
    const lines = [5_000, 1_000, 3_000].map((ms) =>
      line({ id: String(ms), status: 'due', releaseAt: at(ms) }),
    )
    const outgoing = inGroups(lines, { person: 'me', now, undoMs }).get('outgoing')
    expect(outgoing?.map(({ id }) => id)).toEqual(['1000', '3000', '5000'])
  })
})

describe('the acts on a line', () => {
  it('edits, and does not correct, words that are not out yet', () => {
    const allowed = ['save', 'correct', 'undo', 'withdraw', 'schedule'] as const
    expect(actsOn({ status: 'due', allowed, urgency: 'urgent' })).toEqual(['undo', 'save'])
    expect(actsOn({ status: 'live', allowed: ['correct', 'withdraw'], urgency: 'urgent' })).toEqual([
      'correct',
      'withdraw',
    ])
  })

  it('releases a line under an embargo only by those who may lift it, and after a question', () => {
    const on = { status: 'due', allowed: ['release'], urgency: 'urgent' } as const
    expect(actsOn({ ...on, embargo: 'kept' })).toEqual([])
    expect(actsOn({ ...on, embargo: 'liftable' })).toEqual(['release'])
    expect([opensForm('release', on), opensForm('release', { ...on, embargo: 'liftable' })]).toEqual([
      false,
      true,
    ])
  })

  it('asks before the approval and the release of a flash only', () => {
    expect(opensForm('approve', { urgency: 'flash' })).toBe(true)
    expect(opensForm('release', { urgency: 'flash' })).toBe(true)
    expect(opensForm('approve', { urgency: 'bulletin' })).toBe(false)
    expect(opensForm('hold', { urgency: 'flash' })).toBe(false)
    expect(opensForm('withdraw', { urgency: 'routine' })).toBe(true)
  })
})
