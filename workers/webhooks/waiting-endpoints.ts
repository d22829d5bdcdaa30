import type { Endpoint } from './endpoint.ts'

/** `urgent`: a withdrawal waits; it goes first. `slow`: those that have not answered in time. */
const queueNames = ['urgent', 'ready', 'slow'] as const
export type QueueName = (typeof queueNames)[number]

/** Endpoints that wait for a place, each queue in the order in which they were woken. */
export class WaitingEndpoints {
  readonly #queues: Readonly<Record<QueueName, Set<Endpoint>>> = {
    urgent: new Set(),
    ready: new Set(),
    slow: new Set(),
  }

  sizeOf(queue: QueueName): number {
    return this.#queues[queue].size
  }

  add(endpoint: Endpoint, isUrgent: boolean): void {
    this.#queues[isUrgent ? 'urgent' : endpoint.slow ? 'slow' : 'ready'].add(endpoint)
  }

  hurry(endpoint: Endpoint): void {
    this.drop(endpoint)
    this.#queues.urgent.add(endpoint)
  }

  drop(endpoint: Endpoint): void {
    for (const name of queueNames) this.#queues[name].delete(endpoint)
  }

  take(queue: QueueName, most: number): Endpoint[] {
    const taken: Endpoint[] = []
    for (const endpoint of this.#queues[queue]) {
      if (taken.length === most) break
      this.#queues[queue].delete(endpoint)
      taken.push(endpoint)
    }
    return taken
  }
}
