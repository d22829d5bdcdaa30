import type { Request, Response } from 'express'
import type { Socket } from 'node:net'
import type { Admission, Slot } from '../admission/admission.ts'

/** Answers that their readers do not take at once lie in memory: each counts as a connection of its address meanwhile. */
export class UntakenAnswers {
  readonly #admission: Admission
  readonly #held = new WeakMap<Socket, Set<Slot>>()

  constructor(admission: Admission) {
    this.#admission = admission
  }

  /** For an answer that was just sent. Where its address has no place left, its connection is cut off. */
  hold(request: Request, response: Response): void {
    const { socket } = request
    if (response.writableLength === 0 || socket.destroyed) return
    const slot = this.#admission.takeSlotForAnswer(request)
    if (!slot) {
      socket.destroy()
      return
    }
    const held = this.#heldOn(socket)
    held.add(slot)
    response.once('close', () => {
      slot.free()
      held.delete(slot)
    })
  }

  #heldOn(socket: Socket): Set<Slot> {
    const known = this.#held.get(socket)
    if (known) return known
    const held = new Set<Slot>()
    this.#held.set(socket, held)
    // Node tells the close of a connection to the answer that it writes, and not to those that wait behind it.
    socket.once('close', () => {
      for (const slot of held) slot.free()
    })
    return held
  }
}
