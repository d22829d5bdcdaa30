import { createHmac, randomBytes } from 'node:crypto'
import { formatPosition, type Position } from '../../protocol/position.ts'

/** Characters of the chain hash with which a mark begins: two histories share them in one of 4 billion cases. */
const PIECE_CHARACTERS = 8
/** Characters of the signature, 36 bits: a reader that guesses needs years for one guess that is right. */
const SIGNATURE_CHARACTERS = 6

/**
 * The mark of a position: a piece of the chain hash there, which says which history the position belongs to, and a
 * signature. Without the signature any reader could invent a mark and so claim that the log has lost events.
 */
export function markOf(secret: string, position: Position, chain: string): string {
  const piece = chain.slice(0, PIECE_CHARACTERS)
  return piece + signatureOf(secret, position, piece)
}

/** Whether a mark belongs to the history with this chain hash. The signature is not looked at: it says nothing more. */
export function fitsChain(mark: string, chain: string | undefined): boolean {
  return chain?.startsWith(pieceOf(mark)) === true
}

/** Whether Flashline has given out this mark for this position, in whichever history. */
export function isSigned(secret: string, position: Position, mark: string): boolean {
  return mark.slice(PIECE_CHARACTERS) === signatureOf(secret, position, pieceOf(mark))
}

/** The beginning of the chain hash that the mark names. */
export function pieceOf(mark: string): string {
  return mark.slice(0, PIECE_CHARACTERS)
}

/** A feed's secret for its signatures. */
export function newMarkSecret(): string {
  return randomBytes(16).toString('hex')
}

function signatureOf(secret: string, position: Position, piece: string): string {
  return createHmac('sha256', secret)
    .update(`${formatPosition(position)}:${piece}`)
    .digest('base64url')
    .slice(0, SIGNATURE_CHARACTERS)
}
