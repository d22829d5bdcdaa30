/** Every `code` of a problem+json answer (RFC 9457), with its status and advice for the client. */
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
    title: 'The position is not valid',
    help: 'Pass a position as received, `epoch:seq` or `epoch:seq:mark`, or leave it out.',
  },
  'sso-failed': {
    status: 400,
    title: 'The single sign-on was not completed',
    help: 'Begin again at `/v1/sso/start`.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid key or session is needed',
    help: 'Send `Authorization: Bearer <key>`, or sign in.',
  },
  'sign-in-failed': {
    status: 401,
    title: 'The sign-in failed',
    help: 'Check the email and the password.',
  },
  'invalid-token': {
    status: 401,
    title: 'This token is not valid',
    help: 'It was used, has expired or is incomplete. Ask for a new one.',
  },
  'wrong-code': {
    status: 401,
    title: 'The code is not right',
    help: 'Send the newest code; each code works once.',
  },
  'wrong-password': {
    status: 401,
    title: 'The password is not right',
    help: 'Send the password of this account.',
  },
  'partner-refused': {
    status: 401,
    title: 'This key or token of a partner is not valid',
    help: 'It has expired or was revoked. Take a new token with the key, or ask the newsroom for a new key.',
  },
  forbidden: {
    status: 403,
    title: 'Your role does not allow this',
    help: '`detail` names the role that is needed.',
  },
  'self-approval': {
    status: 403,
    title: 'You cannot approve your own change',
    help: 'Ask another person to approve it.',
  },
  'csrf-refused': {
    status: 403,
    title: 'The request does not come from a page of this server',
    help: 'Send `X-CSRF-Token` as `GET /v1/session` gives it, from the same origin.',
  },
  'session-needed': {
    status: 403,
    title: 'A session is needed',
    help: 'Sign in; a key is not enough.',
  },
  'waits-for-approval': {
    status: 403,
    title: 'A second admin has not approved it yet',
    help: 'Ask another admin than its creator.',
  },
  'fresh-sign-in-needed': {
    status: 403,
    title: 'The sign-in is too long ago',
    help: 'The account has no password to prove who you are: sign in again at `/v1/sso/start`, and do this within ten minutes.',
  },
  'sso-only': {
    status: 403,
    title: 'Passwords are not in use here',
    help: 'Sign in at `/v1/sso/start`. An invitation is accepted by the first sign-in with its email.',
  },
  'sso-email-unverified': {
    status: 403,
    title: 'The provider has not verified the email',
    help: 'Verify the email with the provider.',
  },
  'sso-unknown-person': {
    status: 403,
    title: 'No account has this email',
    help: 'Ask an admin for an invitation.',
  },
  'origin-refused': {
    status: 403,
    title: 'This site may not read the feed',
    help: 'Ask the operator to add the origin to ALLOWED_ORIGINS; with a key or token of a partner, ask the newsroom to add it to the partner.',
  },
  'filter-refused': {
    status: 403,
    title: 'The partner may not read these headlines',
    help: 'Ask for sections and regions of the partner only, or leave the filter out.',
  },
  'unknown-reader-key': {
    status: 403,
    title: 'This reader key is not known',
    help: 'Ask the operator to add it to READER_KEYS, or leave `key` out.',
  },
  'two-person-required': {
    status: 403,
    title: 'A second person must approve this',
    help: 'Submit the headline; another person than its authors approves it.',
  },
  'second-factor-required': {
    status: 403,
    title: 'The second factor is needed',
    help: 'Send its code to `/v1/session/second-factor`. If you have no second factor yet, add one with `POST /v1/account/second-factor`.',
  },
  'key-frozen': {
    status: 403,
    title: 'This key is frozen',
    help: 'It released too many headlines within a minute; an admin can thaw it. Drafts can be written.',
  },
  'no-such-route': {
    status: 404,
    title: 'There is nothing at this address',
    help: 'See PROTOCOL.md for the routes.',
  },
  'no-such-feed': { status: 404, title: 'There is no such feed', help: '`GET /v1/feeds` lists the feeds.' },
  'no-such-partner': {
    status: 404,
    title: 'There is no such partner',
    help: '`GET /v1/partners` lists the partners.',
  },
  'no-such-webhook': {
    status: 404,
    title: 'The partner has no such webhook',
    help: '`GET /v1/partners/{partner}/webhooks` lists its webhooks.',
  },
  'no-such-recall': {
    status: 404,
    title: 'There is no such recall',
    help: 'A recall is a headline of this feed that was withdrawn in the last 30 days. Check the feed and the id.',
  },
  'no-such-headline': { status: 404, title: 'There is no such headline', help: 'Check the feed and the id.' },
  'no-such-edition': {
    status: 404,
    title: 'There is no such edition',
    help: 'Check the id. An edition shows the parts in the feeds that you may read.',
  },
  'as-of-unknown': {
    status: 404,
    title: 'The strip of that moment is not known',
    help: '`earliest` is the first moment that can be shown. Without it there is none: ARCHIVE_URL is `off`, or nothing was copied yet.',
  },
  'no-such-version': {
    status: 404,
    title: 'There is no such version with a text',
    help: '`GET` of the headline lists its versions.',
  },
  'no-such-template': {
    status: 404,
    title: 'There is no such template',
    help: '`GET` of the templates lists them. A name has 1 to 40 of a-z, 0-9 and -.',
  },
  'no-such-key': {
    status: 404,
    title: 'There is no such key',
    help: '`GET /v1/keys` lists the keys, and a partner shows its own.',
  },
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
  'no-such-session': {
    status: 404,
    title: 'There is no such session',
    help: '`GET /v1/sessions` lists your sessions.',
  },
  'no-such-job': {
    status: 404,
    title: 'There is no such failed job',
    help: '`GET /v1/queues` lists them. Perhaps it has been repeated or removed.',
  },
  'not-embeddable': {
    status: 404,
    title: 'This server has no frame at that address',
    help: 'Pass `url` as the address of `/embed/{feed}` on this server.',
  },
  'no-such-format': {
    status: 404,
    title: 'A feed has no document of this name',
    help: '`formats` lists the names.',
  },
  'method-not-allowed': { status: 405, title: 'This method is not served here', help: 'See `Allow`.' },
  'no-such-projection': {
    status: 406,
    title: 'The document is not made for that',
    help: '`projections` lists what `for` may say at this address.',
  },
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
  embargoed: {
    status: 409,
    title: 'The headline is under an embargo until a later time',
    help: 'Schedule it for `embargoUntil` or later. A chief lifts the embargo with `embargoUntil: null`.',
  },
  'needs-decision': {
    status: 409,
    title: 'The headline was not released at its time',
    help: 'Release, schedule, withdraw or discard it: `allowed` says what you may do.',
  },
  'headline-not-archived': {
    status: 409,
    title: 'The headline is not in the archive yet',
    help: 'Withdraw it. It can be erased once it has moved to the archive, ARCHIVE_AFTER_MS after its end.',
  },
  'headline-erased': {
    status: 409,
    title: 'The words of this headline are erased',
    help: 'Nothing can be done with it any more. Post a new headline.',
  },
  'duplicate-headline': {
    status: 409,
    title: 'A headline of the last hours has the same text',
    help: '`match` is that headline. Add `?force=true` if yours is other news.',
  },
  'edition-part-exists': {
    status: 409,
    title: 'The edition has another headline in this feed',
    help: '`part` is that headline: change it. Another one can take its place when it has ended.',
  },
  'in-another-edition': {
    status: 409,
    title: 'The headline is a part of another edition',
    help: 'A headline is a part of one edition. Post a new headline as the part of this one.',
  },
  'feed-frozen': {
    status: 409,
    title: 'The feed is frozen',
    help: 'Until it is thawed, headlines can be held, withdrawn, undone and discarded, and drafts can be written.',
  },
  'too-many-keys': {
    status: 409,
    title: 'The partner has ten keys',
    help: 'Revoke keys that are not in use.',
  },
  'too-many-webhooks': {
    status: 409,
    title: 'The partner has 50 webhooks',
    help: 'Delete webhooks that are not in use.',
  },
  'key-not-frozen': { status: 409, title: 'This key is not frozen', help: 'It needs no thaw.' },
  'too-many-templates': {
    status: 409,
    title: 'The feed has 50 templates, which is all that it may have',
    help: 'Remove one that is not in use.',
  },
  'last-admin-key': {
    status: 409,
    title: 'The last admin key cannot be revoked',
    help: 'Create another admin key first.',
  },
  'last-admin': { status: 409, title: 'The last admin cannot be removed', help: 'Make another admin first.' },
  'last-but-one-admin': {
    status: 409,
    title: 'Two admins must remain under the two-person rule',
    help: 'Make a third admin first, or disable the account.',
  },
  'account-exists': {
    status: 409,
    title: 'This email has an account',
    help: 'Change the roles of that account.',
  },
  'second-factor-exists': { status: 409, title: 'The account has a second factor', help: 'Remove it first.' },
  'no-second-factor': {
    status: 409,
    title: 'The account has no second factor',
    help: 'It needs no removal.',
  },
  'nothing-to-approve': {
    status: 409,
    title: 'Nothing waits for an approval here',
    help: 'It was approved already, or never proposed.',
  },
  'stale-version': {
    status: 412,
    title: 'The version has changed meanwhile',
    help: '`current` is the present version; look at it and try again.',
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
  'unknown-feed': {
    status: 422,
    title: 'A feed of the roles does not exist',
    help: '`errors` names each of them. Create the feed first.',
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
  'expires-in-past': {
    status: 422,
    title: 'expiresAt has passed',
    help: 'Choose a later end, or leave it out: the key then works until it is revoked.',
  },
  'upgrade-required': {
    status: 426,
    title: 'This address needs a WebSocket',
    help: 'Upgrade the connection, or use the `events` path.',
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
    help: 'Wait for `Retry-After` seconds, or ask for a higher limit.',
  },
  'header-too-large': {
    status: 431,
    title: 'The request head is too large',
    help: 'Send a shorter path and fewer headers.',
  },
  'internal-error': {
    status: 500,
    title: 'The server has a fault',
    help: 'Try again with the same Idempotency-Key; report the `requestId`.',
  },
  'format-not-served': { status: 501, title: 'This format is not served', help: 'Ask for `format=json`.' },
  'log-unavailable': {
    status: 503,
    title: 'The log cannot be reached',
    help: 'Perhaps the request was not saved. Try again with the same Idempotency-Key.',
  },
  'archive-away': {
    status: 503,
    title: 'The archive cannot be reached',
    help: 'What is in the archive cannot be read or changed at the moment; everything newer goes on. Try again after `Retry-After` seconds. The operator looks at `/readyz` and ARCHIVE_URL.',
  },
  'record-damaged': {
    status: 503,
    title: 'A stored record is damaged',
    help: 'An operator has to mend the record that `record` names. Headlines can be held and withdrawn meanwhile.',
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
  draining: { status: 503, title: 'This server is stopping', help: 'Try again: another server answers.' },
} as const

export type ProblemCode = keyof typeof problems

/** The body of an answer with `application/problem+json`; members of `extra` are added to the usual ones. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ProblemCode
  /** The fault of this request, or else advice. */
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
