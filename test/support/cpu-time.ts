/**
 * Milliseconds that the processor has spent on some work. Other programs do not count, so a test may compare it on a
 * computer that is busy.
 */
export async function cpuMsOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
