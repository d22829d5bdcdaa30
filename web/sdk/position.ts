const WRITTEN = /^[a-z0-9]{8}:\d{1,15}$/

export function isPosition(value: unknown): value is string {
  return typeof value === 'string' && WRITTEN.test(value)
}

/** How many events lie between two positions. `undefined` where one is not held or the histories differ. */
export function stepsBetween(from = '', to = ''): number | undefined {
  const [epoch, seq] = from.split(':')
  const [toEpoch, toSeq] = to.split(':')
  return epoch && epoch === toEpoch ? Number(toSeq) - Number(seq) : undefined
}
