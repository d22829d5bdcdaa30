/**
 * Finds where the last whole command of an append-only file ends. A file that was copied while Redis wrote to it may end
 * in the middle of a command or of a transaction.
 */
import { Refusal } from './service-redis.mjs'

const lineEnd = Buffer.from('\r\n')
/** Longer than every number and every time stamp. */
const longestLine = 64

/** Reads the file in chunks that end anywhere. */
export class AofEnd {
  /** Bytes up to the end of the last command outside a transaction, or of the last whole transaction. */
  wholeBytes = 0
  #position = 0
  /** The start of a line whose end has not come yet. */
  #line = Buffer.alloc(0)
  /** Bytes of an argument, with its line end, that have not come yet. */
  #argumentBytes = 0
  #missingArguments = 0
  /** The first argument of a command is its name. */
  #readsName = false
  #name = ''
  #isInTransaction = false

  /** @param {Buffer} chunk */
  add(chunk) {
    let at = 0
    while (at < chunk.length) {
      if (this.#argumentBytes > 0) {
        const taken = Math.min(this.#argumentBytes, chunk.length - at)
        if (this.#readsName) this.#name += chunk.toString('latin1', at, at + taken)
        at += taken
        this.#position += taken
        this.#argumentBytes -= taken
        if (this.#argumentBytes === 0) this.#endArgument()
        continue
      }
      const line = Buffer.concat([this.#line, chunk.subarray(at, at + 32)])
      const end = line.indexOf(lineEnd)
      const taken = (end < 0 ? line.length : end + lineEnd.length) - this.#line.length
      at += taken
      this.#position += taken
      if (end < 0 && line.length > longestLine) this.#refuse()
      else if (end < 0) this.#line = line
      else {
        this.#line = Buffer.alloc(0)
        this.#readLine(line.toString('latin1', 0, end))
      }
    }
  }

  /** @param {string} line "*3": a command of three arguments; "$5": an argument of five bytes; "#TS:…": a comment */
  #readLine(line) {
    const count = Number(line.slice(1))
    if (line.startsWith('*') && this.#missingArguments === 0 && count > 0) {
      this.#missingArguments = count
      this.#readsName = true
      this.#name = ''
    } else if (line.startsWith('$') && this.#missingArguments > 0 && count >= 0) {
      this.#argumentBytes = count + lineEnd.length
    } else if (line.startsWith('#') && this.#missingArguments === 0) {
      this.#endCommand()
    } else {
      this.#refuse()
    }
  }

  #refuse() {
    throw new Refusal(`The append-only file of Redis is damaged before byte ${this.#position}`)
  }

  #endArgument() {
    this.#readsName = false
    this.#missingArguments -= 1
    if (this.#missingArguments > 0) return
    const name = this.#name.trim().toLowerCase()
    if (name === 'multi') this.#isInTransaction = true
    if (name === 'exec') this.#isInTransaction = false
    this.#name = ''
    this.#endCommand()
  }

  #endCommand() {
    if (!this.#isInTransaction) this.wholeBytes = this.#position
  }
}
