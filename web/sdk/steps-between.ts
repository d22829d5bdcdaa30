/** How many events lie between two positions. NaN, no more and no less than any, where one is not held or the histories differ. */
export function stepsBetween(from = '', to = ''): number {
  const [epoch, seq] = from.split(':')
  const [toEpoch, toSeq] = to.split(':')
  return epoch && epoch === toEpoch ? Number(toSeq) - Number(seq) : NaN
}
