import type { Store } from './store.ts'
import { messageOf } from '../../platform/errors.ts'

/**
 * Does nothing. Its first line makes Redis refuse the script in every state in which it refuses writes, before the script
 * runs: a full memory (OOM), a failed write to the disk (MISCONF), a replica (READONLY), too few replicas (NOREPLICAS).
 */
const PROBE = '#!lua\nreturn 1'
const REFUSED = /^(OOM|MISCONF|READONLY|NOREPLICAS)/

/** Whether Redis accepts writes now. Nothing is written. */
export async function acceptsWrites({ redis }: Store): Promise<'yes' | 'no' | 'no-answer'> {
  try {
    await redis.eval(PROBE, 0)
    return 'yes'
  } catch (error) {
    return REFUSED.test(messageOf(error)) ? 'no' : 'no-answer'
  }
}
