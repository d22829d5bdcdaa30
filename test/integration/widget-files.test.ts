import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createHash } from 'node:crypto'
import { startSystem, type System } from '../support/system.ts'

let system: System
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.close())

const get = (path: string, headers: Record<string, string> = {}) => fetch(system.url + path, { headers })

describe('the ticker for other sites', () => {
  it('has a permanent URL, which caches keep for a short time', async () => {
    const answer = await get('/widget/v1.js', { Origin: 'https://anywhere.example' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/javascript; charset=utf-8',
    ])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=300',
      'x-content-type-options': 'nosniff',
    })
    const etag = answer.headers.get('etag') ?? ''
    // As in a browser: Node's `fetch` would add "no-cache".
    const held = { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' }
    expect((await get('/widget/v1.js', held)).status).toBe(304)
  })

  it('has a URL for each version, which never changes, and its checksum', async () => {
    const { src, integrity } = (await (await get('/widget/v1.json')).json()) as {
      src: string
      integrity: string
    }
    const answer = await get(src)
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const script = Buffer.from(await answer.arrayBuffer())
    expect(`sha384-${createHash('sha384').update(script).digest('base64')}`).toBe(integrity)
    expect(script.equals(Buffer.from(await (await get('/widget/v1.js')).arrayBuffer()))).toBe(true)
    // The parts that it loads when needed are in the same folder.
    const parts = [...script.toString().matchAll(/\.\/([a-z-]+-[0-9a-f]{8}\.js)/g)].map(([, name]) => name)
    expect(parts.length).toBeGreaterThan(4)
    for (const part of parts) expect((await get(`/widget/${part}`)).status).toBe(200)
  })

  it('has typefaces that never change, for every site, and their licences', async () => {
    const css = await (await get('/widget/fonts.css')).text()
    const faces = [...css.matchAll(/src:url\(([^)]+)\)/g)].map(([, name]) => name)
    expect(faces).toHaveLength(3)
    for (const face of faces) {
      const answer = await get(`/widget/${face}`, { Origin: 'https://anywhere.example' })
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'font/woff2',
      })
      expect(
        Buffer.from(await answer.arrayBuffer())
          .subarray(0, 4)
          .toString(),
      ).toBe('wOF2')
    }
    const licences = await (await get('/widget/fonts-license.txt')).text()
    expect(licences.match(/SIL Open Font License, Version 1\.1/g)).toHaveLength(2)
  })

  it.each([
    '/widget/flashline-ticker-0123456789abcdef.js',
    '/widget/manifest.json',
    '/widget/..%2fpage%2fpage.js',
    '/widget/%2e%2e%2fpage%2fpage.js',
    '/widget/',
    '/widget/v2.js',
  ])('has no file %s', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'no-such-route' })
  })
})
