import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { request } from 'node:http'
import { eventually } from '../support/eventually.ts'
import { startSystem, type System } from '../support/system.ts'
import { readSettings } from '../../web/widget/settings.ts'

const PARTNER = 'https://partner.example'
const ATTACK = `"><img src=x onerror=alert(1)><script>alert(2)</script>'&amp;`
const ESCAPED =
  '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;alert(2)&lt;/script&gt;&#39;&amp;amp;'

let system: System
beforeAll(async () => {
  system = await startSystem({ ALLOWED_ORIGINS: PARTNER })
  for (const feed of [
    { id: 'ar', lang: 'ar' },
    { id: 'filtered', lang: 'en' },
    { id: 'hostile', lang: 'en', title: 'A "quoted" <title>' },
    { id: 'many', lang: 'en', stripLimit: 60 },
  ]) {
    await system.createFeed(feed)
    await system.serves(feed.id)
  }
})
afterAll(() => system.close())

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

async function get(path: string, headers: Record<string, string> = {}, from = system): Promise<Answer> {
  const answer = await fetch(`${from.url}${path}`, { headers })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** A GET with headers that fetch does not allow to be set. */
function getAs(host: string, path: string, from = system): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: from.port, path, headers: { Host: host } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    sent.on('error', reject).end()
  })
}

function directives({ headers }: Answer): Record<string, string> {
  const policy = headers.get('content-security-policy') ?? ''
  return Object.fromEntries(
    policy.split(';').map((each) => {
      const [name = '', ...sources] = each.trim().split(' ')
      return [name, sources.join(' ')]
    }),
  )
}

describe('the frame’s page', () => {
  it('contains the lines without a script, in order, inside the element', async () => {
    await system.publish('en', [
      'Older',
      { text: 'Newer', speaker: 'The mayor', link: 'https://example.org/a?b&c' },
    ])
    const { status, headers, text } = await get('/embed/en')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text).toMatch(/<html lang="en" dir="ltr" data-theme="auto" data-mode="list">/)
    const inside = /<flashline-ticker feed="en" mode="list">([^]*)<\/flashline-ticker>/.exec(text)?.[1] ?? ''
    expect(inside.indexOf('>Newer</bdi')).toBeGreaterThan(0)
    expect(inside.indexOf('>Newer</bdi')).toBeLessThan(inside.indexOf('>Older</bdi'))
    expect(inside).toMatch(/<bdi class="flashline-speaker" dir="ltr">The mayor<\/bdi>/)
    expect(inside).toMatch(
      /href="https:\/\/example.org\/a\?b&amp;c"\s+target="_blank"\s+rel="noopener noreferrer"/,
    )
  })

  it('loads files of the server only, and runs no inline code', async () => {
    const answer = await get('/embed/en')
    expect(directives(answer)).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'font-src': "'self'",
      'connect-src': "'self'",
      'img-src': "'self' data:",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': `'self' ${PARTNER}`,
    })
    expect(answer.text).not.toMatch(/<script(?![^>]*\ssrc="\/)[^>]*>|<style|\sstyle=|\son\w+=/)
    expect(answer.headers.get('x-frame-options')).toBeNull()
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each([
    { allowed: '', ancestors: "'self'" },
    { allowed: '*', ancestors: '*' },
    {
      allowed: 'https://a.example,capacitor://localhost',
      ancestors: "'self' https://a.example capacitor://localhost",
    },
    { allowed: "null,https://b.example; script-src *,'unsafe-inline'", ancestors: "'self'" },
  ])('may be framed by "$allowed": $ancestors', async ({ allowed, ancestors }) => {
    const other = await startSystem({ ALLOWED_ORIGINS: allowed })
    try {
      const answers = [await get('/embed/en', {}, other), await get('/embed/none', {}, other)]
      expect(answers.map(({ status }) => status)).toEqual([200, 404])
      for (const answer of answers) {
        expect(directives(answer)['frame-ancestors']).toBe(ancestors)
        expect(directives(answer)['script-src']).toBe("'self'")
      }
    } finally {
      await other.close()
    }
  })

  it('writes hostile lines and titles as text', async () => {
    const [line] = await system.publish('hostile', [{ text: ATTACK, speaker: ATTACK, source: ATTACK }])
    await system.correct('hostile', line!.headline, `${ATTACK}!`, { speaker: ATTACK, note: ATTACK })
    for (const path of ['/embed/hostile', '/v1/feeds/hostile/strip.html']) {
      const { text } = await get(path)
      expect(text).not.toContain('<img')
      expect(text).not.toContain('alert(2)</script>')
      expect(text.split(ESCAPED).length - 1).toBe(3)
      expect(text).toContain('A &quot;quoted&quot; &lt;title&gt;')
    }
  })

  it('is right to left for an Arabic feed, and a line of another language has its own direction', async () => {
    await system.publish('ar', [{ text: 'إغلاق الجسر' }, { text: 'In English', lang: 'en' }])
    const { text } = await get('/embed/ar?theme=dark&mode=strip')
    expect(text).toMatch(/<html lang="ar" dir="rtl" data-theme="dark" data-mode="strip">/)
    expect(text).toMatch(/class="flashline-lines" role="list" lang="ar" dir="rtl"/)
    expect(text).toMatch(/class="flashline-headline" lang="en" dir="ltr"/)
    expect(text).toMatch(/<flashline-ticker feed="ar" mode="strip" theme="dark">/)
    expect((await get('/embed/ar?notices=0')).text).toMatch(/<flashline-ticker [^>]*notices="0"/)
    expect((await get('/embed/ar?dir=ltr&lang=es')).text).toMatch(/<html lang="es" dir="ltr"/)
  })

  it.each([
    'mode=wide',
    'theme=neon',
    'dir=up',
    'max=0',
    'max=1.5',
    'max=many',
    'max=1&max=2',
    'notices=',
    'notices=61',
    'notices=1.5',
    'lang=%3Cscript%3E',
    'section=A%20B',
    'urgency=loud',
  ])('explains in HTML the fault of "%s"', async (query) => {
    const answer = await get(`/embed/en?${query}`)
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.text).toMatch(new RegExp(`${query.split('=')[0]}(\\.0)?: `))
    expect(answer.text).not.toContain('<script')
    expect(directives(answer)['default-src']).toBe("'none'")
  })

  it('has as many headlines as the ticker in it shows', async () => {
    await system.publish('many', 60)
    for (const query of ['', '?max=3', '?max=50', '?max=51', '?max=201']) {
      const { text } = await get(`/embed/many${query}`)
      const max = / max="(\d+)"/.exec(text)?.[1] ?? null
      const { max: shown } = readSettings((name) => (name === 'max' ? max : null), '')
      expect([query, text.split('<li ').length - 1]).toEqual([query, shown])
    }
  })

  it.each(['/embed/none', '/embed/desk', '/embed/UPPER', '/embed/%3Cb%3E'])(
    'says in HTML that there is no feed at %s',
    async (path) => {
      const answer = await get(path)
      expect(answer).toMatchObject({ status: 404, text: expect.stringContaining('There is no such feed') })
      expect(answer.text).not.toContain('<b>')
    },
  )

  it('is revalidated each time, answers 304 while it is unchanged, and HEAD without a body', async () => {
    const [line] = await system.publish('en', ['To be withdrawn from the frame'])
    const first = await get('/embed/en')
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toBe('no-cache')
    expect(first.text).toContain('To be withdrawn from the frame')
    const held = await get('/embed/en', { 'If-None-Match': etag })
    expect(held).toMatchObject({ status: 304, text: '' })
    expect(held.headers.get('content-security-policy')).toBe(first.headers.get('content-security-policy'))
    const head = await fetch(`${system.url}/embed/en`, { method: 'HEAD' })
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, ''])

    await system.withdraw('en', line!.headline)
    const after = await eventually('it is gone', 20_000, async () => {
      const answer = await get('/embed/en', { 'If-None-Match': etag })
      return answer.status === 200 && answer
    })
    expect(after.text).not.toContain('To be withdrawn')
  })

  it('links to its oEmbed description under the origin of the request', async () => {
    const { text } = await get('/embed/en?theme=dark&section=city,sport')
    const link =
      /type="application\/json\+oembed"\s+href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(link.startsWith(`${system.url}/oembed?`)).toBe(true)
    const url = new URL(link).searchParams.get('url')
    expect(url).toBe(`${system.url}/embed/en?section=city,sport&mode=list&theme=dark`)
    expect((await fetch(link)).status).toBe(200)
  })

  it.each([
    'evil.example"><script>alert(1)</script>',
    "evil.example'onload='x",
    'user@evil.example',
    'a/b',
    'a b',
  ])('does not use the invalid host "%s"', async (host) => {
    for (const path of ['/embed/en', `/oembed?url=http://${encodeURIComponent(host)}/embed/en`]) {
      const { text } = await getAs(host, path)
      expect(text).not.toContain('evil')
      expect(text).not.toContain('json+oembed')
      expect(text).not.toContain('a/b')
    }
  })
})

describe('the public origin', () => {
  const providerOf = async (from: System, proto: string): Promise<string> => {
    const { text } = await get(
      `/oembed?url=${encodeURIComponent(`${from.url}/embed/en`)}`,
      { 'X-Forwarded-Proto': proto, 'X-Forwarded-Host': 'evil.example' },
      from,
    )
    return (JSON.parse(text) as { provider_url: string }).provider_url
  }

  it('uses X-Forwarded-Proto only behind a trusted proxy, and only http and https', async () => {
    expect(await providerOf(system, 'https')).toBe(`${system.url}/`)
    const behind = await startSystem({ TRUST_PROXY: 1 })
    try {
      expect(await providerOf(behind, 'https')).toBe(`${behind.url.replace('http:', 'https:')}/`)
      expect(await providerOf(behind, 'javascript')).toBe(`${behind.url}/`)
    } finally {
      await behind.close()
    }
  })
})

describe('the oEmbed description', () => {
  const ask = (query: Record<string, string>, headers = {}): Promise<Answer> =>
    get(`/oembed?${new URLSearchParams(query).toString()}`, headers)
  const described = async (query: Record<string, string>) => {
    const { status, text } = await ask(query)
    expect(status).toBe(200)
    return JSON.parse(text) as Record<string, string | number>
  }

  it('has the fields that the specification requires of the type rich', async () => {
    const answer = await ask({ url: `${system.url}/embed/hostile?theme=dark`, format: 'json' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const body = JSON.parse(answer.text) as Record<string, unknown>
    // https://oembed.com, section 2.3.4: required of every response, and of this type.
    expect(body).toMatchObject({ type: 'rich', version: '1.0', width: 600, height: 420 })
    expect(body).toMatchObject({
      title: 'A "quoted" <title>',
      provider_name: 'Flashline',
      provider_url: `${system.url}/`,
      cache_age: expect.any(Number),
    })
    expect(body.html).toBe(
      `<iframe src="${system.url}/embed/hostile?mode=list&amp;theme=dark" title="A &quot;quoted&quot; &lt;title&gt;" width="600" height="420" ` +
        `sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox" loading="lazy" style="border:0;max-width:100%"></iframe>`,
    )
  })

  it('keeps within the consumer’s maximum size', async () => {
    const url = `${system.url}/embed/en`
    expect(await described({ url, maxwidth: '320', maxheight: '200' })).toMatchObject({
      width: 320,
      height: 200,
    })
    expect(await described({ url, maxwidth: '5000', maxheight: '5000' })).toMatchObject({
      width: 600,
      height: 420,
    })
    const strip = await described({ url: `${url}?mode=strip` })
    expect(strip.height).toBe(64)
    expect(strip.html).toContain('height="64"')
  })

  it('accepts the URL with https too, since TLS may be terminated in front of the server', async () => {
    const url = `${system.url.replace('http:', 'https:')}/embed/en`
    expect((await described({ url })).html).toContain(`src="${system.url}/embed/en?mode=list"`)
  })

  it.each([
    { why: 'no url', query: {}, status: 400, code: 'invalid-query' },
    {
      why: 'a width of nothing',
      query: { url: 'OWN/embed/en', maxwidth: '0' },
      status: 400,
      code: 'invalid-query',
    },
    {
      why: 'a height in words',
      query: { url: 'OWN/embed/en', maxheight: 'tall' },
      status: 400,
      code: 'invalid-query',
    },
    { why: 'XML', query: { url: 'OWN/embed/en', format: 'xml' }, status: 501, code: 'format-not-served' },
    {
      why: 'another server',
      query: { url: 'https://other.example/embed/en' },
      status: 404,
      code: 'not-embeddable',
    },
    { why: 'no address', query: { url: 'embed/en' }, status: 404, code: 'not-embeddable' },
    { why: 'another scheme', query: { url: 'javascript:alert(1)' }, status: 404, code: 'not-embeddable' },
    { why: 'another page', query: { url: 'OWN/page/page.css' }, status: 404, code: 'not-embeddable' },
    { why: 'the builder', query: { url: 'OWN/embed' }, status: 404, code: 'not-embeddable' },
    { why: 'a file', query: { url: 'OWN/embed/v1.js' }, status: 404, code: 'not-embeddable' },
    {
      why: 'a query that fits not',
      query: { url: 'OWN/embed/en?mode=x' },
      status: 404,
      code: 'not-embeddable',
    },
    { why: 'no such feed', query: { url: 'OWN/embed/none' }, status: 404, code: 'no-such-feed' },
  ])('refuses $why with $status', async ({ query, status, code }) => {
    const written = Object.entries<string>(query).map(([name, value]) => [
      name,
      value.replace('OWN', system.url),
    ])
    const answer = await ask(Object.fromEntries(written) as Record<string, string>)
    expect({ status: answer.status, code: (JSON.parse(answer.text) as { code: string }).code }).toEqual({
      status,
      code,
    })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  it.each([
    '/embed/en',
    '/embed/%65n',
    '/embed/en#top',
    '/embed/en?mode=strip&max=3',
    '/embed/en/',
    '/embed//en',
    '//embed/en',
    '/Embed/en',
    '/embed/EN',
    '/embed/%E0%A4%A',
    '/embed/en%2F',
    '/embed/en?mode=strip&mode=list',
    '/embed/none',
  ])('describes the address %s exactly if the frame itself is served there', async (address) => {
    const frame = await get(address)
    const description = await ask({ url: `${system.url}${address}` })
    expect(description.status === 200).toBe(frame.status === 200)
  })

  it('refuses a repeated parameter', async () => {
    const url = encodeURIComponent(`${system.url}/embed/en`)
    expect((await get(`/oembed?url=${url}&url=${url}`)).status).toBe(400)
  })
})

describe('the piece of HTML', () => {
  const path = '/v1/feeds/filtered/strip.html'
  beforeAll(async () => {
    await system.publish('filtered', [
      { text: 'City flash', section: 'city', urgency: 'flash', regions: ['north'] },
      { text: 'City routine', section: 'city', urgency: 'routine', regions: ['south'] },
      { text: 'Sport bulletin', section: 'sport', urgency: 'bulletin', regions: ['north'] },
    ])
  })
  const textsOf = ({ text }: Answer) =>
    Array.from(text.matchAll(/class="flashline-text"[^>]*>([^<]*)</g), ([, line]) => line)

  it('is well formed, without script, style or ids, and all of its classes begin with flashline', async () => {
    const { status, headers, text } = await get(path)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text.trim()).toMatch(/^<section\s[^]*<\/section>$/)
    expect(text).not.toMatch(/<script|<style|\sstyle=|\sid=|\son\w+=/)
    for (const [, names = ''] of text.matchAll(/class="([^"]*)"/g))
      for (const name of names.split(' ')) expect(name).toMatch(/^flashline(-[a-z]+)?$/)
    const opened = Array.from(text.matchAll(/<(\w+)[\s>]/g), ([, tag]) => tag).sort()
    const closed = Array.from(text.matchAll(/<\/(\w+)\s*>/g), ([, tag]) => tag).sort()
    expect(opened).toEqual(closed)
  })

  it.each(['', 'section=city', 'section=city,sport&region=north', 'urgency=bulletin', 'region=nowhere'])(
    'has the same lines as the snapshot with the filter "%s"',
    async (query) => {
      const { body } = await system.get<{ strip: { text: string }[] }>(`/v1/feeds/filtered?${query}`)
      expect(textsOf(await get(`${path}?${query}`))).toEqual(body.strip.map(({ text }) => text))
    },
  )

  it('has at most `max` lines, and a note if there are none', async () => {
    expect(textsOf(await get(`${path}?max=2`))).toEqual(['Sport bulletin', 'City routine'])
    expect((await get(`${path}?max=2&urgency=loud`)).status).toBe(400)
    expect((await get(`${path}?region=nowhere`)).text).toContain('No breaking news')
  })

  it('may be read by the same origins as the snapshot', async () => {
    const partner = await get(path, { Origin: PARTNER })
    expect(partner.status).toBe(200)
    expect(partner.headers.get('access-control-allow-origin')).toBe(PARTNER)
    expect(partner.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(partner.headers.get('vary')).toMatch(/Origin/)
    for (const origin of ['https://other.example', 'null']) {
      const refused = await get(path, { Origin: origin })
      expect(refused).toMatchObject({ status: 403, text: expect.stringContaining('origin-refused') })
    }
  })

  it('may be read by pages with the origin "null" only if the operator names it', async () => {
    const open = await startSystem({ ALLOWED_ORIGINS: 'null' })
    try {
      const answer = await get('/v1/feeds/en/strip.html', { Origin: 'null' }, open)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('access-control-allow-origin')).toBe('null')
      expect(directives(await get('/embed/en', {}, open))['frame-ancestors']).toBe("'self'")
    } finally {
      await open.close()
    }
  })

  it('has no withdrawn line, also if it is revalidated', async () => {
    const [line] = await system.publish('filtered', ['Soon withdrawn'])
    const first = await get(path)
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('cache-control')).toBe('no-cache')
    expect(textsOf(first)[0]).toBe('Soon withdrawn')
    expect((await get(path, { 'If-None-Match': `W/${etag}` })).status).toBe(304)

    const reader = await system.connect('filtered')
    await reader.received(await system.withdraw('filtered', line!.headline))
    const after = await get(path, { 'If-None-Match': etag })
    expect(after.status).toBe(200)
    expect(after.text).not.toContain('Soon withdrawn')
  })

  it('has a correction in the line’s place, without the old text', async () => {
    const [line] = await system.publish('filtered', ['Ten are missing', 'A later one'])
    await system.correct('filtered', line!.headline, 'Nine are missing', { note: 'The number was wrong.' })
    const { text } = await eventually('it is corrected', 20_000, async () => {
      const answer = await get(path)
      return answer.text.includes('Nine are missing') && answer
    })
    expect(text).not.toContain('Ten are missing')
    expect(text).toMatch(/<bdi class="flashline-note" lang="en" dir="ltr">The number was wrong\.<\/bdi\s*>/)
  })

  it('is answered with a problem for an unknown feed', async () => {
    const answer = await get('/v1/feeds/none/strip.html')
    expect(answer).toMatchObject({ status: 404, text: expect.stringContaining('"no-such-feed"') })
  })
})

describe('the files and the builder', () => {
  it('include the builder, which may show frames of the server and may not be framed', async () => {
    const answer = await get('/embed?feed=en&mode=strip')
    expect(answer.status).toBe(200)
    expect(directives(answer)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'frame-src': "'self'",
      'frame-ancestors': "'none'",
    })
    expect(answer.text).not.toMatch(/<script(?![^>]*\ssrc="\/)[^>]*>|<style|\sstyle=|\son\w+=/)
  })

  it('may be loaded by every page, and answer other methods than GET and HEAD with 405', async () => {
    const style = await get('/embed/frame.css', { Origin: 'null' })
    expect(style.status).toBe(200)
    expect(style.headers.get('access-control-allow-origin')).toBe('*')
    expect(style.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect((await get('/embed/none.js')).status).toBe(404)
    expect((await get('/embed/..%2fpage%2fpage.css')).status).toBe(404)
    for (const path of ['/embed', '/embed/en', '/oembed', '/v1/feeds/en/strip.html']) {
      const posted = await fetch(`${system.url}${path}`, { method: 'POST' })
      expect([path, posted.status, posted.headers.get('allow')]).toEqual([path, 405, 'GET, HEAD'])
    }
  })
})
