import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Admission, Slot } from '../admission/admission.ts'

/** Answers that wait in memory because their readers do not read them. Each takes a slot of its address meanwhile. */
export class UntakenAnswers {
  readonly #admission: Admission
  readonly #held = new WeakMap<Socket, Set<Slot>>()

  constructor(admission: Admission) {
    this.#admission = admission
  }

  /** Takes a slot for a sent answer that still waits. If the address has no slot left, the connection is cut. */
  hold(request: IncomingMessage, response: ServerResponse): void {
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
    // Node emits `close` on the answer that it is writing, and not on answers that wait behind it.
    socket.once('close', () => {
      for (const slot of held) slot.free()
    })
    return held
  }
}
