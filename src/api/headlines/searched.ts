import { z } from 'zod'
import type { LinesPage } from '../../archive/reading/find-lines.ts'

/** Says that an answer is not complete. */
export const searchedSchema = z
  .literal('recent')
  .optional()
  .describe('The archive did not answer: only the headlines that it does not have yet were searched')

export function searchedMember(searched: LinesPage['searched']): { searched?: 'recent' } {
  return searched === 'recent' ? { searched } : {}
}
