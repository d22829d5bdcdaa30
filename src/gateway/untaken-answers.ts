import type { Request, Response } from 'express'
import type { Socket } from 'node:net'
import type { Admission, Place } from './admission.ts'

/** Answers that their readers do not take at once lie in memory: each counts as a connection of its address meanwhile. */
export class UntakenAnswers {
  readonly #admission: Admission
  readonly #held = new WeakMap<Socket, Set<Place>>()

  constructor(admission: Admission) {
    this.#admission = admission
  }

  /** For an answer that was just sent. Where its address has no place left, its connection is cut off. */
  hold(request: Request, response: Response): void {
    const { socket } = request
    if (response.writableLength === 0 || socket.destroyed) return
    const place = this.#admission.hold(request)
    if (!place) {
      socket.destroy()
      return
    }
    const held = this.#heldOn(socket)
    held.add(place)
    response.once('close', () => {
      place.leave()
      held.delete(place)
    })
  }

  #heldOn(socket: Socket): Set<Place> {
    const known = this.#held.get(socket)
    if (known) return known
    const held = new Set<Place>()
    this.#held.set(socket, held)
    // Node tells the close of a connection to the answer that it writes, and not to those that wait behind it.
    socket.once('close', () => {
      for (const place of held) place.leave()
    })
    return held
  }
}
