import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { problems } from '../../src/protocol/problems.ts'
import { startApi, type RequestOptions, type TestApi } from '../support/api-server.ts'

const HOUR = 3_600_000
const lines = '/v1/feeds/en/headlines'
const unknownId = 'A'.repeat(22)

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const later = (ms: number) => new Date(Date.now() + ms).toISOString()
const asEditor = (body: unknown, headers = {}): RequestOptions => ({
  method: 'POST',
  key: api.keys.editor,
  body,
  headers,
})
const plain = { method: 'POST', body: { text: 'x' } }

type Case = [status: number, code: keyof typeof problems, path: string, options: () => RequestOptions]

const cases: Record<string, Case> = {
  'no key': [401, 'unauthenticated', lines, () => plain],
  'an unknown key': [
    401,
    'unauthenticated',
    lines,
    () => ({ ...plain, key: `fl_${'0'.repeat(16)}_${'A'.repeat(43)}` }),
  ],
  'a known id with another secret': [
    401,
    'unauthenticated',
    lines,
    () => ({ ...plain, key: `${api.keys.editor.slice(0, -43)}${'A'.repeat(43)}` }),
  ],
  'an invalid key': [401, 'unauthenticated', lines, () => ({ ...plain, key: 'fl_x' })],
  'a reader who posts': [403, 'forbidden', lines, () => ({ ...plain, key: api.keys.reader })],
  'an editor who creates keys': [403, 'forbidden', '/v1/keys', () => asEditor({ name: 'x', role: 'admin' })],
  'an editor who creates a feed': [403, 'forbidden', '/v1/feeds', () => asEditor({})],
  'an unknown feed': [404, 'no-such-feed', '/v1/feeds/xx/headlines', () => asEditor({ text: 'x' })],
  'an invalid feed id': [404, 'no-such-feed', '/v1/feeds/EN%2F/headlines', () => asEditor({ text: 'x' })],
  'an unknown headline': [404, 'no-such-headline', `${lines}/${unknownId}`, () => ({ key: api.keys.reader })],
  'an invalid headline id': [404, 'no-such-headline', `${lines}/x`, () => ({ key: api.keys.reader })],
  'a headline of an unknown feed': [
    404,
    'no-such-feed',
    `/v1/feeds/xx/headlines/${unknownId}`,
    () => ({ key: api.keys.reader }),
  ],
  'withdrawing an unknown headline': [
    404,
    'no-such-headline',
    `${lines}/${unknownId}/withdraw`,
    () => asEditor(undefined),
  ],
  'withdrawing in an unknown feed': [
    404,
    'no-such-feed',
    `/v1/feeds/xx/headlines/${unknownId}/withdraw`,
    () => asEditor(undefined),
  ],
  'an unknown address': [404, 'no-such-route', '/v2', () => ({})],
  'an unknown action': [404, 'no-such-route', `${lines}/${unknownId}/hide`, () => asEditor({})],
  'another method': [405, 'method-not-allowed', lines, () => ({ method: 'DELETE', key: api.keys.editor })],
  'OPTIONS from another site': [
    405,
    'method-not-allowed',
    lines,
    () => ({ method: 'OPTIONS', headers: { origin: 'https://x.example' } }),
  ],
  'incomplete JSON': [400, 'malformed-json', lines, () => asEditor('{"text":')],
  'JSON that is not an object': [400, 'malformed-json', lines, () => asEditor('"x"')],
  'bytes that are not UTF-8': [
    400,
    'malformed-json',
    lines,
    () => asEditor(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])),
  ],
  'a bad percent code': [400, 'malformed-request', '/v1/feeds/%zz/headlines', () => asEditor({ text: 'x' })],
  'an empty Idempotency-Key': [
    400,
    'malformed-request',
    lines,
    () => asEditor({ text: 'x' }, { 'Idempotency-Key': '' }),
  ],
  'a long Idempotency-Key': [
    400,
    'malformed-request',
    lines,
    () => asEditor({ text: 'x' }, { 'Idempotency-Key': 'k'.repeat(201) }),
  ],
  'another content type': [
    415,
    'unsupported-media-type',
    lines,
    () => asEditor('text=x', { 'content-type': 'application/x-www-form-urlencoded' }),
  ],
  'no content type': [
    415,
    'unsupported-media-type',
    lines,
    () => asEditor(Buffer.from('{}'), { 'content-type': '' }),
  ],
  'another charset': [
    415,
    'unsupported-media-type',
    lines,
    () => asEditor('{}', { 'content-type': 'application/json; charset=latin1' }),
  ],
  'a compressed body': [
    415,
    'unsupported-media-type',
    lines,
    () => asEditor('{}', { 'content-encoding': 'gzip' }),
  ],
  'a body over 16 KB': [413, 'body-too-large', lines, () => asEditor({ text: 'x'.repeat(16 * 1024) })],
  'no body': [422, 'invalid-body', lines, () => asEditor(undefined)],
  'an array': [422, 'invalid-body', lines, () => asEditor([])],
  'an empty correction': [
    422,
    'invalid-body',
    `${lines}/${unknownId}/correct`,
    () => asEditor({}, { 'If-Match': '"1"' }),
  ],
  'a release in the past': [
    422,
    'embargo-in-past',
    lines,
    () => asEditor({ text: 'x', releaseAt: later(-HOUR) }),
  ],
  'a release too far ahead': [
    422,
    'release-too-far',
    lines,
    () => asEditor({ text: 'x', releaseAt: later(400 * 24 * HOUR) }),
  ],
  'an expiry in the past': [
    422,
    'expires-before-release',
    lines,
    () => asEditor({ text: 'x', expiresAt: later(-HOUR) }),
  ],
  'an expiry before the release': [
    422,
    'expires-before-release',
    lines,
    () => asEditor({ text: 'x', releaseAt: later(2 * HOUR), expiresAt: later(HOUR) }),
  ],
}

describe('refuses a request with the code of the problem', () => {
  it.each(Object.entries(cases))('%s', async (_name, [status, code, path, options]) => {
    const reply = await api.request(path, options())

    expect([reply.status, reply.body.code]).toEqual([status, code])
    expect(reply.headers.get('content-type')).toBe('application/problem+json')
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(reply.headers.get('access-control-allow-origin')).toBeNull()
    expect(reply.body).toMatchObject({
      type: `/problems/${code}`,
      title: problems[code].title,
      status,
      detail: expect.any(String),
      requestId: reply.headers.get('x-request-id'),
    })
  })
})

describe('names each invalid field', () => {
  it.each([
    ['/text', { text: '' }],
    ['/text', { text: 'x'.repeat(281) }],
    ['/text', { text: 'left \u202e right' }],
    ['/text', { text: 7 }],
    ['/urgency', { text: 'x', urgency: 'loud' }],
    ['/link', { text: 'x', link: 'javascript:alert(1)' }],
    ['/regions/0', { text: 'x', regions: ['No Where'] }],
    ['/releaseAt', { text: 'x', releaseAt: 'tomorrow' }],
    ['/un~1known', { text: 'x', 'un/known': 1 }],
  ])('%s', async (field, body) => {
    const reply = await api.publish(body)

    expect(reply.status).toBe(422)
    expect(reply.body.errors).toMatchObject([{ field, message: expect.any(String) }])
  })

  it('with the character that may not stand in it, and its position', async () => {
    const { body } = await api.publish({ text: 'left \u202e right' })

    const message = 'U+202E at position 5 is an override of the direction of writing: take it out'
    expect(body.errors).toEqual([{ field: '/text', message, character: 'U+202E', position: 5 }])
  })

  it('names twenty fields at most', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x${index}`, 1]))
    const reply = await api.publish({ text: 'x', ...many })

    expect(reply.body.errors).toHaveLength(20)
  })
})

describe('a hostile request target gets a 4xx', () => {
  it.each([
    'GET //',
    'GET ///v1//keys',
    'GET http://other.example/v1/keys',
    'GET http://[/',
    'GET /%00',
    'GET /v1/feeds/%00/headlines/x',
    'GET /%zz',
    'GET /v1/feeds/%zz/headlines/x',
    'GET /v1/feeds/%c3%28/headlines/x',
    'GET /v1/feeds/../keys',
    'GET /problems/__proto__',
    'GET *',
    'OPTIONS *',
    'PROPFIND /v1/keys',
    `GET /${'a'.repeat(8_000)}`,
  ])('%s', async (line) => {
    const status = await api.raw(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)

    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })
})

it('reads deeply nested JSON without an error', async () => {
  const reply = await api.publish(`{"text":${'['.repeat(8_000)}${']'.repeat(8_000)}}` as unknown as object)

  expect(reply.status).toBe(422)
})

it('answers a wrong method with the allowed ones, on readers’ routes too', async () => {
  const allow = async (path: string) => (await api.request(path, { method: 'PUT' })).headers.get('allow')

  expect(await allow('/v1/feeds')).toBe('GET, HEAD, POST')
  expect(await allow('/v1/feeds/en')).toBe('GET, HEAD')
  expect(await allow(`${lines}/${unknownId}/withdraw`)).toBe('POST')
})

it('answers a request without a valid key with 401, and limits clients that guess keys', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  const first = await api.request('/v1/keys', { headers })
  expect(first.headers.get('www-authenticate')).toBe('Bearer realm="flashline"')

  const replies = await Promise.all(Array.from({ length: 60 }, () => api.request('/v1/keys', { headers })))
  const refused = replies.filter(({ status }) => status === 429)

  expect(refused).toHaveLength(1)
  expect(refused[0]?.body.code).toBe('too-many-requests')
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await api.request('/v1/keys', { headers, key: api.keys.admin })).status).toBe(200)
})

it('limits the requests of one key, but never a withdrawal', async () => {
  const busy = await startApi({ writesPerMinute: 2 })
  const { body } = await busy.publish()
  await busy.publish()
  const refused = await busy.publish()

  expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.headers.get('ratelimit')).toContain('requests-per-key')
  expect((await busy.act(body.headline.id, 'withdraw')).status).toBe(200)
  await busy.close()
})

it('answers 503 with Retry-After while Redis is not reachable', async () => {
  const cut = await startApi()
  cut.store.redis.disconnect()

  const reply = await cut.publish()

  expect([reply.status, reply.body.code]).toEqual([503, 'log-unavailable'])
  expect(reply.headers.get('retry-after')).toBe('1')
  await cut.store.redis.connect()
  await cut.close()
})
