import { archiver } from '../../workers/archiver.ts'
import { ArchiveConnection } from '../archive/archive-connection.ts'
import { openArchive } from '../archive/databases/open-archive.ts'
import { copyAudit } from '../archive/move/copy-audit.ts'
import { claimArchive } from '../eventlog/ended/claim-archive.ts'
import { trimAudit } from '../eventlog/ended/trim.ts'
import { readTime } from '../eventlog/store/read-time.ts'
import { messageOf } from '../platform/errors.ts'
import { repeat } from '../platform/repeat.ts'
import type { RoleContext } from './role-context.ts'

/** Time between two rounds: so long may events be only in Redis. */
const ROUND_MS = 5_000
/** A round ends with the headline that it moves. */
const END_ROUND_TIMEOUT_MS = 10_000

/** The archive of a process with the api or a worker. It is opened, and opened again, while the process runs. */
export function openArchiveConnection({ config, logger, lifecycle }: RoleContext): ArchiveConnection {
  const url = config.ARCHIVE_URL
  const archive = new ArchiveConnection({
    open: url === 'off' ? undefined : () => openArchive(url),
    onChange: (state, error) => {
      if (state === 'ready') logger.info({ event: 'archive-ready' })
      else logger.error({ event: 'archive-fault', state, error, remedy: archive.fault?.remedy })
    },
  })
  lifecycle.own('archive', () => archive.close())
  return archive
}

/** A worker moves what has ended. */
export function moveToArchive(context: RoleContext, archive: ArchiveConnection): void {
  const { store, config, metrics, logger, lifecycle } = context
  const round = archiver({
    ...{ store, archive, metrics, logger },
    afterMs: config.ARCHIVE_AFTER_MS,
    resumeEvents: config.RESUME_EVENTS,
  })
  const rounds = repeat(round, Math.min(ROUND_MS, config.ARCHIVE_AFTER_MS))
  lifecycle.own('archiver', () => rounds.close(), END_ROUND_TIMEOUT_MS)
}

/** The api looks whether the archive can be read, and copies the audit of accounts, which workers may not read. */
export function watchArchive(
  { store, config, logger, lifecycle }: RoleContext,
  archive: ArchiveConnection,
): void {
  let failing: string | undefined
  const looks = repeat(async () => {
    try {
      await archive.look(store)
      if (!archive.isUsable) return
      await archive.use('desk', async (open) => {
        if ((await claimArchive(store, 'desk', open.identity)) !== open.identity) return
        const copied = await copyAudit(store, open, 'desk')
        await trimAudit(store, 'desk', copied, (await readTime(store)) - config.ARCHIVE_AFTER_MS)
      })
      failing = undefined
    } catch (error) {
      if (failing === messageOf(error)) return
      failing = messageOf(error)
      logger.warn({ event: 'archive-round-failed', error: messageOf(error) })
    }
  }, ROUND_MS)
  lifecycle.own('archive watch', () => looks.close(), END_ROUND_TIMEOUT_MS)
}
