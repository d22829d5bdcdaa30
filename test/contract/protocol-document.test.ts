import { beforeAll, describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import ts from 'typescript'
import { needOf } from '../../src/desk/actions.ts'
import { actions } from '../../src/protocol/lists/actions.ts'
import { closeCodes } from '../../src/protocol/close-codes.ts'
import { byeReasons } from '../../src/protocol/lists/bye-reasons.ts'
import { ops } from '../../src/protocol/lists/ops.ts'
import { resetReasons } from '../../src/protocol/lists/reset-reasons.ts'
import { policySchema } from '../../src/protocol/policy.ts'
import { problems } from '../../src/protocol/problems.ts'
import { statuses, type Status } from '../../src/protocol/lists/statuses.ts'
import { tableUnder } from '../support/markdown-table.ts'

/** Statuses before the first release: such a headline is discarded, not withdrawn. */
const unreleased: readonly Status[] = ['draft', 'pending', 'returned', 'rejected', 'discarded']

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFile(new URL(path, root), 'utf8')

/** PROTOCOL.md is the contract: its lists have exactly the items of the code, in the same order. */
describe('PROTOCOL.md', () => {
  let document: string
  beforeAll(async () => {
    document = await read('PROTOCOL.md')
  })
  const column = (heading: string, name: string) => tableUnder(document, heading).map((row) => row[name])

  it('lists every close code with its name', () => {
    expect(tableUnder(document, '### Close codes').map(({ code, name }) => ({ code, name }))).toEqual(
      Object.entries(closeCodes).map(([code, { name }]) => ({ code, name })),
    )
  })

  it('lists every problem code with its status', () => {
    expect(tableUnder(document, '### Problem codes').map(({ code, status }) => ({ code, status }))).toEqual(
      Object.entries(problems).map(([code, { status }]) => ({ code, status: String(status) })),
    )
  })

  it('lists every operation', () => {
    expect(column('### Operations', 'op')).toEqual([...ops])
  })

  it('lists every reason of a reset', () => {
    expect(column('### Reset reasons', 'reason')).toEqual([...resetReasons])
  })

  it('lists every reason of a bye', () => {
    expect(column('### Bye reasons', 'reason')).toEqual([...byeReasons])
  })

  it('lists every status, and every act with the statuses that allow it', () => {
    expect(column('### Statuses', 'status').flatMap((cell) => cell?.split(', ') ?? [])).toEqual([...statuses])
    const acts = tableUnder(document, '### Act on a headline').map((row) => ({
      action: row.action,
      // A headline that was released once can be withdrawn in every status.
      statuses: statuses.filter((status) => row['works while']?.split(/[^a-z-]+/).includes(status)),
    }))
    expect(acts).toEqual(
      actions.map((action) => ({
        action,
        statuses: statuses.filter(
          (status) =>
            needOf(action, status) !== undefined && !(action === 'withdraw' && unreleased.includes(status)),
        ),
      })),
    )
  })

  it('lists every member of a policy', () => {
    const members = column('#### Policy', 'member')
    expect(members).toEqual(Object.keys(policySchema.shape))
  })

  it('lists every frame with its fields', async () => {
    const frames = tableUnder(document, '### Frames').map(({ type, fields }) => ({
      type,
      fields: fields?.split(',').map((field) => field.trim()),
    }))
    expect(frames).toEqual(framesOf(await read('src/protocol/frames.ts')))
  })

  it.each([
    '### Close codes',
    '### Problem codes',
    '### Operations',
    '### Reset reasons',
    '### Bye reasons',
    '### Frames',
    '### Statuses',
    '#### Policy',
  ])('explains each row under "%s"', (heading) => {
    for (const row of tableUnder(document, heading))
      for (const [name, cell] of Object.entries(row)) expect(`${name}: ${cell}`).not.toBe(`${name}: `)
  })
})

/** The interfaces of the union `Frame`, in its order: the type and the other members, optional ones with "?". */
function framesOf(source: string): { type: string; fields: string[] }[] {
  const file = ts.createSourceFile('frames.ts', source, ts.ScriptTarget.ESNext)
  const interfaces = new Map(
    file.statements.filter(ts.isInterfaceDeclaration).map((each) => [each.name.text, each]),
  )
  const union = file.statements.filter(ts.isTypeAliasDeclaration).find(({ name }) => name.text === 'Frame')
  if (!union || !ts.isUnionTypeNode(union.type)) throw new Error('frames.ts has no union Frame')
  return union.type.types.map((member) => {
    const frame = interfaces.get(member.getText(file))
    if (!frame) throw new Error(`frames.ts has no interface ${member.getText(file)}`)
    const [type, ...fields] = frame.members.filter(ts.isPropertySignature)
    return {
      type: type?.type?.getText(file).replaceAll("'", '') ?? '',
      fields: fields.map((field) => `${field.name.getText(file)}${field.questionToken ? '?' : ''}`),
    }
  })
}
