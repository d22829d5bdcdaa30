import { describe, expect, it } from '@jest/globals'
import type { DeskHeadline } from '../../../../web/desk/lines/headline.ts'
import { lineToUndo } from '../../../../web/desk/lines/line-to-undo.ts'
import type { DoneAct } from '../../../../web/desk/results/done-act.ts'

const now = Date.parse('2026-11-22T20:00:00Z')
const look = { person: 'me', now, undoMs: { flash: 0, bulletin: 30_000, urgent: 30_000, routine: 60_000 } }
const at = (ms: number) => new Date(now + ms).toISOString()

function listed(id: string, facts: Partial<DeskHeadline>): DeskHeadline {
  const content = { text: id, urgency: 'urgent' as const }
  return {
    id,
    version: 1,
    status: 'due',
    createdAt: at(-1_000),
    content,
    desk: { createdBy: 'me' },
    ...facts,
  }
}

function sent(id: string, facts: Partial<DoneAct>): DoneAct {
  const before = { version: 1, status: 'due', position: null, releaseAt: at(30_000), at: at(0) } as const
  return { id, text: id, urgency: 'urgent', ...before, ...facts }
}

function undone(headlines: readonly DeskHeadline[], done: readonly DoneAct[], selected?: string) {
  return lineToUndo({ headlines, selected, done }, look)
}

describe('the line that the key of undo takes back', () => {
  it('is the selected one while it waits, however far away its time is', () => {
    const lines = [
      listed('soon', { releaseAt: at(5_000) }),
      listed('tomorrow', { releaseAt: at(86_400_000) }),
    ]
    expect(undone(lines, [], 'tomorrow')?.id).toBe('tomorrow')
  })

  it('is the own line that goes out next, before a line of a colleague', () => {
    const lines = [
      listed('later', { releaseAt: at(20_000) }),
      listed('next', { releaseAt: at(10_000) }),
      listed('other', { releaseAt: at(1_000), desk: { createdBy: 'other' } }),
    ]
    expect(undone(lines, [])?.id).toBe('next')
    expect(undone(lines.slice(2), [])?.id).toBe('other')
  })

  it('is a line just sent that no list shows yet, in the version that was sent', () => {
    expect(undone([], [sent('new', { version: 3 })])).toMatchObject({ id: 'new', version: 3 })
    expect(undone([], [sent('new', { urgency: 'routine', releaseAt: at(60_000) })])?.id).toBe('new')
  })

  it('is a line just approved that the lists show as waiting for the approval', () => {
    const lines = [listed('old', { status: 'pending', version: 2, desk: { createdBy: 'other' } })]
    expect(undone(lines, [sent('old', { version: 3 })])).toMatchObject({ version: 3, status: 'due' })
  })

  it.each([
    ['has come out', [], [sent('gone', { releaseAt: at(0) })]],
    ['is scheduled for later', [], [sent('later', { releaseAt: at(30_001) })]],
    ['is live', [], [sent('live', { status: 'live', releaseAt: undefined })]],
    [
      'was taken back',
      [],
      [sent('back', { version: 2, status: 'draft', releaseAt: undefined }), sent('back', {})],
    ],
    ['was changed since', [listed('new', { version: 2, status: 'held' })], [sent('new', {})]],
  ] as const)('is none if the line just sent %s', (_, lines, done) => {
    expect(undone(lines, done)).toBeUndefined()
  })
})
