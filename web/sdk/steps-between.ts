/** The number of events between two positions. NaN, which compares as false, if one is missing or the epochs differ. */
export function stepsBetween(from = '', to = ''): number {
  const [epoch, seq = ''] = from.split(':')
  const [toEpoch, toSeq = ''] = to.split(':')
  return epoch && epoch === toEpoch ? +toSeq - +seq : NaN
}
