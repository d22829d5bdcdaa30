/** Every `code` of a problem+json answer (RFC 9457), with its status and what a client should do. */
export const problems = {
  'malformed-json': { status: 400, title: 'The body is not JSON', help: 'Send one JSON object in UTF-8.' },
  'malformed-request': {
    status: 400,
    title: 'The request cannot be read',
    help: 'Correct the path, the query or the headers.',
  },
  'invalid-query': {
    status: 400,
    title: 'The query does not fit',
    help: 'Correct the parameter that `detail` names.',
  },
  'invalid-position': {
    status: 400,
    title: 'That is not a position',
    help: 'Pass a position as received, `epoch:seq`, or leave it out.',
  },
  'sso-failed': {
    status: 400,
    title: 'The single sign-on did not come to its end',
    help: 'Begin again at `/v1/sso/start`.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid key is needed, or a session',
    help: 'Send `Authorization: Bearer <key>`, or sign in.',
  },
  'sign-in-failed': {
    status: 401,
    title: 'That did not sign you in',
    help: 'Check the email and the password.',
  },
  'invalid-token': {
    status: 401,
    title: 'This token opens nothing',
    help: 'It was used, has expired or is not whole: ask for another one.',
  },
  'wrong-code': {
    status: 401,
    title: 'The code is not right',
    help: 'Take the newest code; each counts once.',
  },
  'wrong-password': {
    status: 401,
    title: 'The password is not right',
    help: 'Give the password of this account.',
  },
  forbidden: {
    status: 403,
    title: 'You may not do that',
    help: '`detail` names the role that it takes.',
  },
  'self-approval': {
    status: 403,
    title: 'Nobody approves what is their own',
    help: 'Ask somebody else.',
  },
  'csrf-refused': {
    status: 403,
    title: 'The request does not come from a page of this server',
    help: 'Send `X-CSRF-Token` as `GET /v1/session` gives it, from the same origin.',
  },
  'session-needed': {
    status: 403,
    title: 'This is for people who are signed in',
    help: 'Sign in; a key cannot do it.',
  },
  'waits-for-approval': {
    status: 403,
    title: 'A second admin has still to approve it',
    help: 'Ask an admin other than the one who made it.',
  },
  'sso-email-unverified': {
    status: 403,
    title: 'The provider does not vouch for the email',
    help: 'Have it verified there.',
  },
  'sso-unknown-person': {
    status: 403,
    title: 'Nobody here has this email',
    help: 'Ask an admin for an invitation.',
  },
  'origin-refused': {
    status: 403,
    title: 'This site may not read the feed',
    help: 'Ask for the origin to be added to ALLOWED_ORIGINS.',
  },
  'unknown-reader-key': {
    status: 403,
    title: 'Nobody has this reader key',
    help: 'Ask for it to be added to READER_KEYS, or leave `key` out.',
  },
  'two-person-required': {
    status: 403,
    title: 'This takes a second person',
    help: 'Submit the line; somebody who did not write it approves it.',
  },
  'second-factor-required': {
    status: 403,
    title: 'This takes the second factor',
    help: 'Send its code to `/v1/session/second-factor`. A flash takes a session that was signed in with one.',
  },
  'key-frozen': {
    status: 403,
    title: 'This key is frozen',
    help: 'It released too many lines within a minute; an admin can thaw it.',
  },
  'no-such-route': {
    status: 404,
    title: 'There is nothing at this address',
    help: 'See PROTOCOL.md for the routes.',
  },
  'no-such-feed': { status: 404, title: 'There is no such feed', help: '`GET /v1/feeds` lists the feeds.' },
  'no-such-headline': { status: 404, title: 'There is no such headline', help: 'Check the feed and the id.' },
  'no-such-version': {
    status: 404,
    title: 'There is no such version with a text',
    help: '`GET` of the headline lists its versions.',
  },
  'no-such-key': { status: 404, title: 'There is no such key', help: '`GET /v1/keys` lists the keys.' },
  'no-such-account': {
    status: 404,
    title: 'There is no such account',
    help: '`GET /v1/accounts` lists the accounts.',
  },
  'no-such-invitation': {
    status: 404,
    title: 'There is no such invitation',
    help: '`GET /v1/invitations` lists them.',
  },
  'not-embeddable': {
    status: 404,
    title: 'This server has no frame at that address',
    help: 'Pass `url` as the address of `/embed/{feed}` on this server.',
  },
  'method-not-allowed': { status: 405, title: 'This method is not served here', help: 'See `Allow`.' },
  'feed-exists': {
    status: 409,
    title: 'A feed of this id exists with other settings',
    help: 'Choose another id.',
  },
  'illegal-action': {
    status: 409,
    title: 'The headline is not in a state for that',
    help: '`headlineStatus` and `allowed` say what is possible.',
  },
  'needs-decision': {
    status: 409,
    title: 'The time of the line has passed without its release',
    help: 'Release, schedule, withdraw or discard it: `allowed` says what you may do.',
  },
  'duplicate-headline': {
    status: 409,
    title: 'A line of the last hours says the same',
    help: '`match` is that line. Add `?force=true` when yours is news all the same.',
  },
  'feed-frozen': {
    status: 409,
    title: 'The feed is frozen',
    help: 'Only hold, withdraw, undo and discard work until it is thawed.',
  },
  'key-not-frozen': { status: 409, title: 'This key is not frozen', help: 'There is nothing to thaw.' },
  'last-admin-key': {
    status: 409,
    title: 'The last admin key cannot be revoked',
    help: 'Create another admin key first.',
  },
  'last-admin': { status: 409, title: 'The last admin must remain', help: 'Make another admin first.' },
  'account-exists': {
    status: 409,
    title: 'This email has an account',
    help: 'Change the roles of that account.',
  },
  'second-factor-exists': { status: 409, title: 'The account has a second factor', help: 'Remove it first.' },
  'no-second-factor': {
    status: 409,
    title: 'The account has no second factor',
    help: 'There is nothing to remove.',
  },
  'nothing-to-approve': {
    status: 409,
    title: 'Nothing waits for an approval here',
    help: 'Somebody was faster, or nothing was asked.',
  },
  'stale-version': {
    status: 412,
    title: 'Somebody else was faster',
    help: '`current` is the version now; look at it and try again.',
  },
  'body-too-large': { status: 413, title: 'The body is over 16 KB', help: 'Send less.' },
  'unsupported-media-type': {
    status: 415,
    title: 'The body must be JSON',
    help: 'Send `Content-Type: application/json`.',
  },
  'expectation-failed': {
    status: 417,
    title: 'This expectation cannot be met',
    help: 'Leave the `Expect` header out.',
  },
  'invalid-body': {
    status: 422,
    title: 'The body does not fit',
    help: '`errors` names each field and its fault.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'This Idempotency-Key came with another request',
    help: 'Use a new key for a new request.',
  },
  'text-too-long': {
    status: 422,
    title: "The text is over the feed's character budget",
    help: 'Write at most `maxGraphemes` characters.',
  },
  'embargo-in-past': { status: 422, title: 'releaseAt has passed', help: 'Leave it out to release now.' },
  'release-too-far': {
    status: 422,
    title: 'releaseAt is more than a year ahead',
    help: 'Choose an earlier time.',
  },
  'expires-before-release': {
    status: 422,
    title: 'expiresAt is not after the release',
    help: 'Choose a later expiry.',
  },
  'expires-too-late': {
    status: 422,
    title: 'expiresAt is later than the feed allows',
    help: 'Choose an expiry at most `maxMs` after the release.',
  },
  'upgrade-required': {
    status: 426,
    title: 'This address speaks WebSocket',
    help: 'Upgrade, or use the `events` path.',
  },
  'precondition-required': {
    status: 428,
    title: 'If-Match is needed',
    help: 'Send the ETag of the version that you saw.',
  },
  'too-many-requests': { status: 429, title: 'Too many requests', help: 'Wait for `Retry-After` seconds.' },
  'too-many-connections': {
    status: 429,
    title: 'Too many connections from this address',
    help: 'Close some, or wait for `Retry-After` seconds.',
  },
  'reader-key-full': {
    status: 429,
    title: 'Too many readers with this key',
    help: 'Wait for `Retry-After` seconds, or ask for a higher limit in READER_KEYS.',
  },
  'header-too-large': {
    status: 431,
    title: 'The request head is too large',
    help: 'Send a shorter path and fewer headers.',
  },
  'internal-error': {
    status: 500,
    title: 'A fault of ours',
    help: 'Try again with the same Idempotency-Key; tell us the `requestId`.',
  },
  'format-not-served': { status: 501, title: 'This format is not served', help: 'Ask for `format=json`.' },
  'log-unavailable': {
    status: 503,
    title: 'The log cannot be reached',
    help: 'Nothing was promised. Try again with the same Idempotency-Key.',
  },
  'sso-unavailable': {
    status: 503,
    title: 'The single sign-on provider does not answer',
    help: 'Try again, or sign in with a password.',
  },
  'feed-loading': {
    status: 503,
    title: 'The feed is being loaded',
    help: 'Try again after `Retry-After` seconds.',
  },
  'server-busy': {
    status: 503,
    title: 'Too many readers are connecting at this moment',
    help: 'Come back after `retryAfterMs`.',
  },
  'server-full': {
    status: 503,
    title: 'No more connections here',
    help: 'Try again after `Retry-After` seconds.',
  },
  draining: { status: 503, title: 'This server is going away', help: 'Try again: another one answers.' },
} as const

export type ProblemCode = keyof typeof problems

/** The body of an answer with `application/problem+json`; members of `extra` stand beside the usual ones. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  /** What went wrong this time, or else what to do. */
  readonly detail: string
  readonly [extra: string]: unknown
}

export function problemBody(
  code: ProblemCode,
  extra: Readonly<Record<string, unknown>> = {},
): { status: number; body: ProblemBody } {
  const { status, title, help } = problems[code]
  return { status, body: { type: `/problems/${code}`, title, status, code, detail: help, ...extra } }
}
