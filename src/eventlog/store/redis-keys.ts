/**
 * Every Redis key and channel of Flashline. What belongs to one feed shares its hash tag, so a script that
 * touches several of them runs on one slot of a Redis Cluster.
 */
export function redisKeys(prefix = 'fl') {
  return {
    /** Set of feed ids. */
    feeds: `${prefix}:feeds`,
    /** Prefix of the rate limiter's counters. */
    rateLimits: `${prefix}:rate:`,
    /** Channel: a feed was created or changed. */
    feedsChanged: `${prefix}:feeds-changed`,
    /** Channel: gateways are asked to report once more to how many readers they have written. */
    writtenAsked: `${prefix}:written-asked`,
    /** Prefix of BullMQ's own keys, one slot for all of them. */
    queues: `{${prefix}:queues}`,
    /** What is not of one feed: people, their keys and sessions. No feed's id begins so, and no worker may touch it. */
    desk: deskKeys(`${prefix}:{@desk}`),
    feed: (id: string) => feedKeys(`${prefix}:{${id}}`),
  }
}

function deskKeys(tag: string) {
  return {
    /** Hash: account id to account (JSON), password and tokens hashed. */
    accounts: `${tag}:accounts`,
    /** Hash: email to account id. */
    emails: `${tag}:emails`,
    /** Hash: key id to API key (JSON), secret hashed. */
    apiKeys: `${tag}:keys`,
    /** Hash: invitation id to invitation (JSON), token hashed. */
    invitations: `${tag}:invitations`,
    /** String: a session, or a sign-in under way, by the hash of its token. */
    session: (tokenHash: string) => `${tag}:session:${tokenHash}`,
    /** Sorted set: token hashes of an account's sessions by when they end at the latest. */
    sessionsOf: (account: string) => `${tag}:session:of:${account}`,
    /** Prefix of the counters of failed sign-ins. */
    failures: `${tag}:session:failures:`,
    ...auditKeys(tag),
  }
}

function auditKeys(tag: string) {
  return {
    /** Stream `<n>-0`: who did what. Fields c (chain hash) and a (entry, JSON). Never trimmed. */
    audit: `${tag}:audit`,
    /** Hash: n and chain of the newest entry. */
    auditHead: `${tag}:audit-head`,
    /** Channel: the audit has grown to `<n>`. */
    desk: `${tag}:desk`,
  }
}

function feedKeys(tag: string) {
  return {
    ...auditKeys(tag),
    /** String: the feed's definition (JSON). */
    definition: `${tag}:feed`,
    /**
     * Hash: epoch, since (seq before the epoch's first event), seq, chain, accepted (saves so far), and frozen (JSON:
     * who froze the feed) while only holds and withdrawals pass.
     */
    head: `${tag}:head`,
    /** Hash: current, the policy with its version (JSON); missing while the usual one holds. */
    policy: `${tag}:policy`,
    /** Stream `<seq>-0`: the truth. Fields c (chain hash) and e (event frame, JSON). */
    log: `${tag}:log`,
    /** Hash: headline id to where it stands (version, status, current content's version, place, times, desk state). */
    states: `${tag}:states`,
    /**
     * Hash: `id:version` to what was done and by whom; `id:version:content` to what was saved with it;
     * `id:version:position` to where it was released, `id:version:due` to when it was due; `id:words` to the index
     * terms of the current content.
     */
    versions: `${tag}:versions`,
    /** Sorted set: changes that wait for their time, `<accept order>:<id>` by due time in ms; 0 goes first. */
    due: `${tag}:due`,
    /** Hash: member of the due set to its change (JSON). */
    changes: `${tag}:changes`,
    /** Hash: headline id to the line now showing (JSON). */
    strip: `${tag}:strip`,
    /** Sorted set: ids of the strip by place. */
    places: `${tag}:places`,
    /** String: what became of a request, by the hash of its idempotency key. */
    once: (tokenHash: string) => `${tag}:once:${tokenHash}`,
    /** Hash: API key id to since when it may not act in this feed (JSON). */
    frozenKeys: `${tag}:frozen-keys`,
    /** String: releases of an API key within a minute. */
    pace: (keyId: string) => `${tag}:pace:${keyId}`,
    /** String: id of the line that has this text, while it is young enough to be compared with. */
    text: (hash: string) => `${tag}:text:${hash}`,
    /** Sorted set: ids of all headlines by creation in ms. */
    lines: `${tag}:lines`,
    /** Sorted sets of the same kind: those of one status, with content by one person, with one word, of one story … */
    status: (status: string) => `${tag}:status:${status}`,
    author: (person: string) => `${tag}:author:${person}`,
    word: (word: string) => `${tag}:word:${word}`,
    story: (slug: string) => `${tag}:story:${slug}`,
    /** … and those whose story went on elsewhere, and nobody has looked since. */
    attention: `${tag}:attention`,
    /** Sorted set: ids by when they last came out as news, in ms. */
    released: `${tag}:released`,
    /** Hash: `id:version` to an act on a line of a story (JSON), until the story's other lines are flagged. */
    storyTodo: `${tag}:story-todo`,
    /** Channel of released events: `<seq> <chain before> <chain> <event frame>`, or `look`. */
    live: `${tag}:live`,
    /** Channel on which a gateway tells the release side of a log that lost what readers hold. */
    witness: `${tag}:witness`,
    /** Hash: gateway to how many of its readers the event at a position was written to (JSON). */
    receipt: (position: string) => `${tag}:receipt:${position}`,
    /** Channel on which a gateway reports to how many of its readers it has written. */
    written: `${tag}:written`,
  }
}

export type RedisKeys = ReturnType<typeof redisKeys>
