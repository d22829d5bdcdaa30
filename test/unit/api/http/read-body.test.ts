import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express, { type NextFunction, type Request, type Response } from 'express'
import { once } from 'node:events'
import { request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import { problemOf } from '../../../../src/api/http/problem-of.ts'
import { fieldErrors, readBody } from '../../../../src/api/http/read-body.ts'

const MAX_BYTES = 16 * 1024
const schema = z.strictObject({ text: z.string().optional(), tags: z.array(z.string()).optional() })

let server: Server
beforeAll(async () => {
  const app = express()
  app.use(async (req: Request, res: Response) => {
    res.json({ read: await readBody(req, res, schema) })
  })
  app.use((error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    const { code, extra } = problemOf(error)
    res.status(400).json({ code, ...extra })
  })
  server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

interface Sent {
  readonly body?: string | Buffer
  readonly headers?: Record<string, string>
}

async function send({ body, headers = { 'content-type': 'application/json' } }: Sent): Promise<object> {
  const { port } = server.address() as AddressInfo
  const asked = request({ port, method: 'POST', headers: { ...headers, connection: 'close' } })
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream]
  let text = ''
  for await (const part of answer) text += String(part)
  return JSON.parse(text) as object
}

/** A JSON body of exactly so many bytes. */
function bodyOf(bytes: number): string {
  const empty = JSON.stringify({ text: '' })
  return JSON.stringify({ text: 'x'.repeat(bytes - empty.length) })
}

describe('a body', () => {
  it.each<[string, Sent, object]>([
    ['that fits is read', { body: '{"text":"Bridge"}' }, { read: { text: 'Bridge' } }],
    ['may be left out, and counts as an empty one', {}, { read: {} }],
    ['may be left out with any type', { headers: { 'content-type': 'text/plain' } }, { read: {} }],
    [
      'may name its charset',
      { body: '{}', headers: { 'content-type': 'application/json; charset=utf-8' } },
      { read: {} },
    ],
  ])('%s', async (_what, sent, answer) => {
    expect(await send(sent)).toEqual(answer)
  })

  it.each<[string, Sent, string]>([
    ['of another type', { body: '{}', headers: { 'content-type': 'text/plain' } }, 'unsupported-media-type'],
    ['without a type', { body: '{}', headers: {} }, 'unsupported-media-type'],
    [
      'in pieces without a type',
      { body: '{}', headers: { 'transfer-encoding': 'chunked' } },
      'unsupported-media-type',
    ],
    [
      'of another charset',
      { body: '{}', headers: { 'content-type': 'application/json; charset=latin1' } },
      'unsupported-media-type',
    ],
    ['that is no JSON', { body: '{"text":' }, 'malformed-json'],
    ['that is a word', { body: '"text"' }, 'malformed-json'],
    ['that is not UTF-8', { body: Buffer.from('{"text":"\xff"}', 'latin1') }, 'malformed-json'],
    ['with a field that nobody knows', { body: '{"__proto__2":1}' }, 'invalid-body'],
    ['that is a list', { body: '[]' }, 'invalid-body'],
  ])('%s is refused', async (_what, sent, code) => {
    expect(await send(sent)).toMatchObject({ code })
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('is refused when it is compressed with %s', async (encoding, compress) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
    expect(await send({ body: compress('{}'), headers })).toEqual({ code: 'unsupported-media-type' })
  })

  it('has 16 KB at the most, to the byte', async () => {
    expect(await send({ body: bodyOf(MAX_BYTES) })).toHaveProperty('read.text')
    expect(await send({ body: bodyOf(MAX_BYTES + 1) })).toEqual({ code: 'body-too-large' })
  })
})

describe('the faults of a body', () => {
  const faults = (value: unknown) => fieldErrors(schema.safeParse(value).error?.issues ?? [])

  it('name their field as a JSON pointer', () => {
    expect(faults({ tags: ['a', 1] })).toEqual([{ field: '/tags/1', message: expect.any(String) }])
    expect(faults(7)).toEqual([{ field: '', message: expect.any(String) }])
    expect(faults({ 'a/b~c': 1, x: 2 })).toEqual([
      { field: '/a~1b~0c', message: 'unknown field' },
      { field: '/x', message: 'unknown field' },
    ])
  })

  it('are twenty at the most, and no pointer is longer than 100 characters', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, 1]))
    expect(faults(many)).toHaveLength(20)
    expect(faults({ ['x'.repeat(500)]: 1 })[0]?.field).toBe(`/${'x'.repeat(99)}`)
  })
})
