import { expect } from '@jest/globals'
import type { Archive, ArchiveFault } from '../../../src/archive/archive.ts'
import { lineWith } from './lines.ts'

/** Reading goes on, a write is refused with this fault and leaves nothing. */
export async function expectRefusesWrites(archive: Archive, fault: ArchiveFault): Promise<void> {
  const before = await archive.countLines('en')
  const line = lineWith('fire')

  await expect(archive.write({ lines: [line] })).rejects.toMatchObject({ name: 'ArchiveError', fault })

  expect(await archive.readLines('en', [line.id])).toEqual([undefined])
  expect(await archive.countLines('en')).toBe(before)
}
