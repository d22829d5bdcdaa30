/**
 * Every Redis key and channel of Flashline. All keys of one feed have the same hash tag, so that a script that uses
 * several of them runs on one slot of a Redis Cluster.
 */
export function redisKeys(prefix = 'fl') {
  return {
    /** Set of feed ids. */
    feeds: `${prefix}:feeds`,
    /** Prefix of the rate limiter's counters. */
    rateLimits: `${prefix}:rate:`,
    /** Channel: a feed was created or changed. */
    feedsChanged: `${prefix}:feeds-changed`,
    /** Channel: a partner, or a key that signs partners' tokens, was changed. */
    partnersChanged: `${prefix}:partners-changed`,
    /** Channel: asks gateways to publish their reports again. */
    writtenAsked: `${prefix}:written-asked`,
    /** Prefix of BullMQ's own keys; its hash tag keeps all of them on one slot. */
    queues: `{${prefix}:queues}`,
    /** Keys of no feed: people, API keys and sessions. No feed id begins with `@`. Workers have no access. */
    desk: deskKeys(`${prefix}:{@desk}`),
    /** Keys of the deliveries to partners' servers. Workers write them. */
    webhooks: webhookKeys(`${prefix}:{@webhooks}`),
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
    /** String: a session, or a sign-in that is not complete, by the hash of its token. */
    session: (tokenHash: string) => `${tag}:session:${tokenHash}`,
    /** Sorted set: token hashes of an account's sessions by their latest end. */
    sessionsOf: (account: string) => `${tag}:session:of:${account}`,
    /** Hash: id of a duty to the duty (JSON): headlines of a key or person, in all feeds, still have to be stopped. */
    duties: `${tag}:duties`,
    /** Hash: `new` or a headline id to the unsent words of a composer (JSON), by `<account>:<feed>`. Kept for 7 days. */
    scratch: (owner: string) => `${tag}:scratch:${owner}`,
    /** Hash: partner id to partner (JSON), keys hashed. */
    partners: `${tag}:partners`,
    /**
     * Hash for the gateways: `partner:<id>` to the part of the partner that they decide by (JSON, keys hashed);
     * `token-key:<id>` to a public key of tokens (JSON); `version`, another one after each change.
     */
    partnerAccess: `${tag}:partner-access`,
    /** Hash: id of a key that signs partners' tokens to the key pair (JSON). */
    tokenKeys: `${tag}:token-keys`,
    /** Hash of `<partner>:<day>` (YYYY-MM-DD, UTC): gateway process to its counts so far (JSON). Kept for 400 days. */
    partnerUsage: (partnerAndDay: string) => `${tag}:partner-usage:${partnerAndDay}`,
    /**
     * Hash for the workers: `webhook:<id>` to the part of the webhook that they deliver by (JSON, with its secrets);
     * `version`, another one after each change.
     */
    webhookAccess: `${tag}:webhook-access`,
    /** Prefix of the counters of failed sign-ins. */
    failures: `${tag}:session:failures:`,
    ...auditKeys(tag),
  }
}

function webhookKeys(tag: string) {
  return {
    /**
     * Hash: how far the deliveries of a webhook have come (position, recalled), whether they go on (status, failures,
     * next), the worker that delivers just now (owner, leased), and its last delivery.
     */
    state: (id: string) => `${tag}:state:${id}`,
    /** Stream: the newest deliveries of a webhook. Field d (JSON). */
    deliveries: (id: string) => `${tag}:deliveries:${id}`,
    /** Hash of `<feed>:<headline id>`: id of a partner to its acknowledgement of the recall (JSON). Kept for 400 days. */
    acks: (feedAndHeadline: string) => `${tag}:acks:${feedAndHeadline}`,
  }
}

function auditKeys(tag: string) {
  return {
    /** Stream `<n>-0`: the audit. Fields c (chain hash) and a (entry, JSON). Trimmed once the archive holds them. */
    audit: `${tag}:audit`,
    /**
     * Hash: n and chain of the newest entry; base and baseChain: those of the newest entry that only the archive has;
     * archive: the identity of the archive that holds what was moved; gone and goneChain: those of the newest entry that
     * was in an archive that is lost.
     */
    auditHead: `${tag}:audit-head`,
    /** Channel: `<n>`, the number of the newest audit entry. */
    desk: `${tag}:desk`,
  }
}

function feedKeys(tag: string) {
  return {
    ...auditKeys(tag),
    /** String: the feed's definition (JSON). */
    definition: `${tag}:feed`,
    /**
     * Hash: epoch, since (seq before the epoch's first event), seq, chain, accepted (number of accepted changes), news
     * (number of those that release a headline for the first time), thawed (ms of the last thaw), and, while the feed is
     * frozen, frozen (JSON: by whom, since when and why); presentation (JSON) and presented (its version); copied: seq of the
     * newest event that the archive holds.
     */
    head: `${tag}:head`,
    /** Hash: current, the policy with its version (JSON). Missing while the default policy applies. */
    policy: `${tag}:policy`,
    /** Stream `<seq>-0`: the log. Fields c (chain hash) and e (event frame, JSON). */
    log: `${tag}:log`,
    /** Hash: id of a template of the composer to the template with its version (JSON). */
    templates: `${tag}:templates`,
    /** Hash: headline id to its state (JSON: version, status, version of the content, place, times, desk state). */
    states: `${tag}:states`,
    /**
     * Hash: `id:version` to the act (JSON); `id:version:content` to the content saved with it (JSON);
     * `id:version:position` to the position of its event; `id:version:due` to its due time in ms; `id:words` to the
     * index terms of the current content.
     */
    versions: `${tag}:versions`,
    /** Sorted set: the due set, `<accept order>:<headline id>` by due time in ms; 0 for holds and withdrawals. */
    due: `${tag}:due`,
    /** Hash: member of the due set to its change (JSON). */
    changes: `${tag}:changes`,
    /** Hash: headline id to the headline as readers see it (JSON). */
    strip: `${tag}:strip`,
    /** Sorted set: ids of the headlines in the strip by place. */
    places: `${tag}:places`,
    /**
     * Hash: id of a headline that is held, was held, or was withdrawn in the last 30 days, to the headline without its words
     * (JSON): status, version, place, first release, and the time of that act.
     */
    takenBack: `${tag}:taken-back`,
    /** String: the outcome of a request, by the hash of its idempotency token. */
    once: (tokenHash: string) => `${tag}:once:${tokenHash}`,
    /** Hash: id of a frozen API key to the time of its freezing (JSON). */
    frozenKeys: `${tag}:frozen-keys`,
    /** String: number of releases by an API key in the current minute. */
    pace: (keyId: string) => `${tag}:pace:${keyId}`,
    /** String: id of the headline with this text, while the duplicate check compares with it. */
    text: (hash: string) => `${tag}:text:${hash}`,
    /** Sorted set: ids of all headlines by creation in ms. */
    headlines: `${tag}:lines`,
    /** Indexes, sorted sets of headline ids by creation in ms: by status, author, index term and story. */
    status: (status: string) => `${tag}:status:${status}`,
    author: (person: string) => `${tag}:author:${person}`,
    word: (word: string) => `${tag}:word:${word}`,
    story: (slug: string) => `${tag}:story:${slug}`,
    /** String: id of the headline that is the part of an edition in this feed; kept for a year after the last act on it. */
    edition: (id: string) => `${tag}:edition:${id}`,
    /** Index of the same kind as `story`: headlines flagged because another headline of their story changed. */
    attention: `${tag}:attention`,
    /** Sorted set: headline ids by the time of their last publish event, in ms. */
    released: `${tag}:released`,
    /** Hash: `id:version` to an act on a headline of a story or edition (JSON), until its other headlines are flagged. */
    storyTodo: `${tag}:story-todo`,
    /**
     * Hash: id of a duty to the duty (JSON): headlines of a key or person, or of a policy, still have to be put to a
     * decision. Releases that it may concern wait meanwhile.
     */
    duties: `${tag}:duties`,
    /** String: the worker that moves headlines of this feed to the archive just now. */
    archiving: `${tag}:archiving`,
    /** Hash: person and open page to the presence (JSON). Channel of the same name: each presence as it comes in. */
    presence: `${tag}:presence`,
    /** Hash: person who has had the headline open to the newest version that was open (JSON). */
    seen: (headlineId: string) => `${tag}:seen:${headlineId}`,
    /** Channel: a released event as `<seq> <chain before> <chain> <event frame>`, or the doorbell `look`. */
    live: `${tag}:live`,
    /** Channel: a gateway's witness that the log has lost events. */
    witness: `${tag}:witness`,
    /** Hash: gateway to its newest report about the event at a position (JSON). */
    receipt: (position: string) => `${tag}:receipt:${position}`,
    /** Channel: reports of gateways about written events and cleared screens. */
    written: `${tag}:written`,
  }
}

export type RedisKeys = ReturnType<typeof redisKeys>
