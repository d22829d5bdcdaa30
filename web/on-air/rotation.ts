/** The order in which lines come into the picture: those that were never in it first, then the one that waits longest. */
export class Rotation {
  #ids: readonly string[] = []
  #turns = new Map<string, number>()
  #turn = 0

  /** Takes the lines in display order. A line that goes and comes back counts as new. */
  update(ids: readonly string[]): void {
    this.#ids = ids
    for (const id of this.#turns.keys()) if (!ids.includes(id)) this.#turns.delete(id)
  }

  /** The line that comes next; undefined if there is none. */
  next(): string | undefined {
    let found: string | undefined
    for (const id of this.#ids) if (found === undefined || this.#turnOf(id) < this.#turnOf(found)) found = id
    if (found !== undefined) this.#turns.set(found, ++this.#turn)
    return found
  }

  /** Lets a line come next, for example because its words have changed. */
  forget(id: string): void {
    this.#turns.delete(id)
  }

  #turnOf(id: string): number {
    return this.#turns.get(id) ?? 0
  }
}
