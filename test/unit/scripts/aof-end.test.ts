import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { AofEnd } from '../../../scripts/support/aof-end.mjs'

const argument = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.constant(Buffer.from('\r\n*1\r\n$4\r\nexec\r\n')),
)
const command = fc
  .tuple(fc.constantFrom('SET', 'xadd', 'HSET'), fc.array(argument, { maxLength: 4 }))
  .map(([name, rest]) => encoded(name, ...rest))
/** Pieces after which the file may end: a command, or a whole transaction. */
const piece = fc.oneof(
  command,
  fc
    .array(command, { maxLength: 3 })
    .map((inside) => Buffer.concat([encoded('MULTI'), ...inside, encoded('EXEC')])),
  fc.constant(Buffer.from('#TS:1795000000\r\n')),
)

function encoded(...parts: readonly (string | Uint8Array)[]): Buffer {
  const bytes = parts.map((part) => Buffer.from(part))
  return Buffer.concat([
    Buffer.from(`*${bytes.length}\r\n`),
    ...bytes.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]),
  ])
}

describe('the end of an append-only file', () => {
  it('is after the last whole command or transaction, wherever the file is cut and however it is read', () => {
    fc.assert(
      fc.property(
        fc.array(piece),
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        (pieces, cut, sizes) => {
          const whole = Buffer.concat(pieces)
          const file = whole.subarray(0, cut % (whole.length + 1))
          const ends = pieces.reduce<number[]>((all, { length }) => [...all, (all.at(-1) ?? 0) + length], [0])

          const end = new AofEnd()
          for (let at = 0, turn = 0; at < file.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1
            end.add(file.subarray(at, at + size))
            at += size
          }

          expect(end.wholeBytes).toBe(Math.max(...ends.filter((one) => one <= file.length)))
        },
      ),
    )
  })

  it.each(['SET a b\r\n', '*x\r\n', '*1\r\n*1\r\n', '*1\r\n$-1\r\n', '$1\r\na\r\n', 'a'.repeat(1000)])(
    'refuses %j, which is no list of commands',
    (text) => {
      expect(() => new AofEnd().add(Buffer.from(text))).toThrow('damaged before byte')
    },
  )
})
