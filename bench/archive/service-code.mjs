/** The functions of the built service that the bench of the archive calls. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** @typedef {Awaited<ReturnType<typeof loadServiceCode>>} ServiceCode */

/** @param {string} dist folder of a build */
export async function loadServiceCode(dist) {
  const load = (/** @type {string} */ file) => import(pathToFileURL(join(dist, file)).href)
  /** @type {typeof import('../../src/archive/archive-connection.ts')} */
  const { ArchiveConnection } = await load('src/archive/archive-connection.js')
  /** @type {typeof import('../../src/archive/databases/open-archive.ts')} */
  const { openArchive } = await load('src/archive/databases/open-archive.js')
  /** @type {typeof import('../../src/archive/reading/find-lines.ts')} */
  const { findLines } = await load('src/archive/reading/find-lines.js')
  /** @type {typeof import('../../src/desk/words.ts')} */
  const { indexTerms } = await load('src/desk/words.js')
  /** @type {typeof import('../../src/eventlog/feeds/feeds.ts')} */
  const { createFeed } = await load('src/eventlog/feeds/feeds.js')
  /** @type {typeof import('../../src/eventlog/read-log.ts')} */
  const { readAfter, readHeads } = await load('src/eventlog/read-log.js')
  /** @type {typeof import('../../src/eventlog/receipts.ts')} */
  const { keepReceipts } = await load('src/eventlog/receipts.js')
  /** @type {typeof import('../../src/eventlog/release-due.ts')} */
  const { releaseDue } = await load('src/eventlog/release-due.js')
  /** @type {typeof import('../../src/eventlog/save-headline.ts')} */
  const { saveHeadline } = await load('src/eventlog/save-headline.js')
  /** @type {typeof import('../../src/eventlog/store/read-time.ts')} */
  const { readTime } = await load('src/eventlog/store/read-time.js')
  /** @type {typeof import('../../src/eventlog/store/store.ts')} */
  const { openStore } = await load('src/eventlog/store/store.js')
  /** @type {typeof import('../../src/platform/logger.ts')} */
  const { createLogger } = await load('src/platform/logger.js')
  /** @type {typeof import('../../src/platform/metrics.ts')} */
  const { createMetrics } = await load('src/platform/metrics.js')
  /** @type {typeof import('../../src/protocol/feed.ts')} */
  const { newFeedSchema } = await load('src/protocol/feed.js')
  /** @type {typeof import('../../src/protocol/policy.ts')} */
  const { policySchema } = await load('src/protocol/policy.js')
  /** @type {typeof import('../../workers/release-job.ts')} */
  const { releaseAndFlag } = await load('workers/release-job.js')
  /** @type {typeof import('../../workers/archiver.ts')} */
  const { archiver } = await load('workers/archiver.js')
  return {
    ...{
      ArchiveConnection,
      openArchive,
      findLines,
      indexTerms,
      createFeed,
      readAfter,
      readHeads,
      keepReceipts,
    },
    ...{
      releaseDue,
      saveHeadline,
      readTime,
      openStore,
      createLogger,
      createMetrics,
      newFeedSchema,
      policySchema,
    },
    archiver,
    releaseAndFlag,
  }
}
