import type { Sources } from '../../archive/reading/sources.ts'
import type { Store } from '../../eventlog/store/store.ts'
import type { Doorbell } from '../../fanout/queues.ts'
import type { ReleaseJobs } from '../../fanout/release-jobs.ts'
import type { People } from '../../people/people.ts'
import type { SingleSignOn } from '../../people/single-sign-on.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Config } from '../../platform/config.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { Durability } from '../../platform/redis-persistence.ts'
import type { Replication } from '../../protocol/lists/replications.ts'
import type { DutyKeeper } from '../duties/duty-keeper.ts'
import type { DeskStreams } from '../live/desk-streams.ts'
import type { AcceptedActs } from '../live/accepted-acts.ts'
import type { Ids } from './ids.ts'
import type { ReleaseWatch } from '../live/release-watch.ts'
import type { Turns } from './turns.ts'

export interface ApiDeps {
  /** On a connection that fails fast (kind `request`). */
  readonly store: Store
  readonly archive: Sources['archive']
  readonly people: People
  /** Present where single sign-on is set up. */
  readonly singleSignOn?: SingleSignOn | undefined
  readonly doorbell: Doorbell
  /** The queue behind the doorbell, for operators. */
  readonly jobs: ReleaseJobs
  /** It listens already. */
  readonly releases: ReleaseWatch
  readonly duties: DutyKeeper
  /** Acts that this process has accepted lately. */
  readonly accepted: AcceptedActs
  /** News that has lost against other news in its feed. */
  readonly newsTurns: Turns
  /** It listens already. */
  readonly desk: DeskStreams
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: Clock
  readonly ids: Ids
  readonly durability: () => Durability
  readonly replication: () => Replication
  readonly config: Pick<
    Config,
    'HEARTBEAT_MS' | 'RELEASE_FALLBACK_MS' | 'WRITES_PER_MINUTE' | 'TRUST_PROXY' | 'SSO_ONLY'
  >
  /** The gateway's routes are served on the same port, before those of the api. */
  readonly servesReaders: boolean
}
