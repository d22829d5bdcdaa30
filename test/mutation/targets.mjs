/**
 * The folders whose files are mutated, and for each folder the fast tests that have to fail.
 */

/**
 * @typedef {object} Target
 * @property {string} folder with all below it
 * @property {string} [ending] default: .ts
 * @property {string[]} [except] files
 * @property {string[]} tests files, or folders with all below them
 */

/** @type {Target[]} */
export const targets = [
  {
    folder: 'src/desk',
    tests: ['test/unit/desk'],
  },
  {
    folder: 'src/protocol',
    // These tables make the OpenAPI document. The integration tests compare every answer of the service with it.
    except: [
      'src/protocol/frame-schemas.ts',
      'src/protocol/http-headers.ts',
      'src/protocol/oembed.ts',
      'src/protocol/operation.ts',
      'src/protocol/problem-schema.ts',
      'src/protocol/reader-examples.ts',
      'src/protocol/reader-queries.ts',
      'src/protocol/reader-routes.ts',
      'src/protocol/service-routes.ts',
    ],
    tests: ['test/unit/protocol', 'test/contract/protocol-document.test.ts', 'test/property/filters.test.ts'],
  },
  {
    folder: 'src/eventlog',
    tests: [
      'test/unit/eventlog',
      'test/contract/redis-acl.test.ts',
      'test/property/event-log.test.ts',
      'test/property/find-headlines.test.ts',
      'test/integration/audit.test.ts',
      'test/integration/compare-and-write.test.ts',
      'test/integration/desk-log.test.ts',
      'test/integration/event-log-reads.test.ts',
      'test/integration/policy.test.ts',
      'test/integration/stories.test.ts',
    ],
  },
  {
    folder: 'src/eventlog/lua',
    ending: '.lua',
    tests: [
      'test/unit/eventlog',
      'test/property/event-log.test.ts',
      'test/property/find-headlines.test.ts',
      'test/integration/audit.test.ts',
      'test/integration/compare-and-write.test.ts',
      'test/integration/desk-log.test.ts',
      'test/integration/event-log-reads.test.ts',
      'test/integration/script-contracts.test.ts',
      'test/integration/stories.test.ts',
    ],
  },
  {
    folder: 'src/gateway/memory',
    tests: ['test/unit/gateway/memory', 'test/unit/gateway/readers', 'test/property/filters.test.ts'],
  },
  {
    folder: 'src/gateway/readers',
    tests: ['test/unit/gateway/readers', 'test/property/acknowledgement-counts.test.ts'],
  },
  {
    folder: 'src/people',
    tests: [
      'test/unit/people',
      'test/integration/accounts.test.ts',
      'test/integration/api-keys.test.ts',
      'test/integration/second-factor.test.ts',
      'test/integration/sessions.test.ts',
      'test/integration/sign-in.test.ts',
      'test/integration/single-sign-on.test.ts',
    ],
  },
]

/**
 * The file that runs a script: a test that reaches it reaches the script. Every script begins with common.lua.
 *
 * @type {Record<string, string>}
 */
export const callerOf = {
  'src/eventlog/lua/common.lua': 'src/eventlog/store/scripts.ts',
  'src/eventlog/lua/compare-and-write.lua': 'src/eventlog/store/compare-and-write.ts',
  'src/eventlog/lua/create-feed.lua': 'src/eventlog/feeds/feeds.ts',
  'src/eventlog/lua/find-headlines.lua': 'src/eventlog/find-headlines.ts',
  'src/eventlog/lua/flag-sibling.lua': 'src/eventlog/flag-siblings.ts',
  'src/eventlog/lua/keep-receipt.lua': 'src/eventlog/receipts.ts',
  'src/eventlog/lua/release-due.lua': 'src/eventlog/release-due.ts',
  'src/eventlog/lua/save-headline.lua': 'src/eventlog/save-headline.ts',
}

/** Tests that run every script without its caller. */
export const scriptTests = ['test/integration/script-contracts.test.ts']
