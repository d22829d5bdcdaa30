import type { System } from './system.ts'

/** The methods of an object as bound functions, for tests that use many of them. */
export function bound(system: System) {
  return {
    connect: system.connect.bind(system),
    stream: system.stream.bind(system),
    publish: system.publish.bind(system),
    page: system.page.bind(system),
    snapshot: system.snapshot.bind(system),
    metric: system.metric.bind(system),
  }
}
