import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { formatNames, type Format } from '../../../src/protocol/lists/formats.ts'
import type { DocumentSource } from '../../../src/syndication/document-source.ts'
import { writeDocument } from '../../../src/syndication/write-document.ts'
import { idOf, lineOf, minute, sourceOf, takenBackOf } from '../../support/document-source.ts'

const LICENCE = 'https://news.example/license.xml?a=1&b=2'
const write = (format: Format, source: DocumentSource, projection: 'readers' | 'screen' = 'readers') =>
  writeDocument(format, source, projection)

interface Ninjs {
  readonly uri: string
  readonly version: string
  readonly pubStatus: string
  readonly urgency?: number
  readonly headlines: readonly { readonly value: string }[]
  readonly [name: string]: unknown
}
const ninjsItems = (text: string) => (JSON.parse(text) as { associations: Ninjs[] }).associations

/** The titles of a document as a program that knows the format reads them. */
const titles: Readonly<Record<Format, (text: string) => (string | undefined)[]>> = {
  'feed.json': (text) => parseJsonFeed(JSON.parse(text)).items?.map(({ title }) => title) ?? [],
  'rss.xml': (text) => parseRssFeed(text).items?.map(({ title }) => title) ?? [],
  'atom.xml': (text) => parseAtomFeed(text).entries?.map(({ title }) => title?.value) ?? [],
  'ninjs.json': (text) => ninjsItems(text).map(({ headlines }) => headlines[0]?.value),
  'live-blog.jsonld': (text) =>
    (JSON.parse(text) as { liveBlogUpdate: { headline: string }[] }).liveBlogUpdate.map(
      ({ headline }) => headline,
    ),
  'lines.json': (text) => (JSON.parse(text) as { lines: { text: string }[] }).lines.map((line) => line.text),
  'lines.ndjson': (text) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { text: string }).text),
  'lines.csv': (text) =>
    text
      .split('\r\n')
      .slice(1, -1)
      .map((row) => /^(?:[^,]*,){8}("(?:[^"]|"")*"|[^,]*),/.exec(row)?.[1])
      .map((cell) => cell?.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"')),
}

describe.each(formatNames)('%s', (format) => {
  it.each([
    ['signs of mathematics', '<5 … >100'],
    ['ampersands and entities', 'A & B &amp; C &lt;b&gt; &#38;'],
    ['the end of a CDATA section', 'x ]]> y ]]]]><![CDATA[>'],
    ['tags', '<script>alert("1")</script> </title> <!-- x -->'],
    ['quotation marks', `"Yes", he said, 'no' \u201cperhaps\u201d`],
    ['both directions', 'قال \u2068Flashline\u2069: ٣ مصابين (Reuters) עברית'],
    ['letters beyond 16 bits', '🚨 𝒩ews 👩‍👩‍👧'],
    ['members of objects', '__proto__ constructor @x # $y %z'],
  ])('carries %s unchanged', (_what, text) => {
    const lines = [lineOf('bridge', 1, { text })]
    expect(titles[format](write(format, sourceOf({ lines, licence: LICENCE })))).toEqual([text])
  })

  it('has no control character that XML forbids, and is otherwise whole', () => {
    const text = 'A\u0000B\u0008C\u001fD\ufffeE'
    const [title] = titles[format](write(format, sourceOf({ lines: [lineOf('bridge', 1, { text })] })))
    expect(title).toBe(format.endsWith('.xml') ? 'A\ufffdB\ufffdC\ufffdD\ufffdE' : text)
  })

  it('is the same for the same headlines, and empty without any', () => {
    const source = sourceOf({ lines: [lineOf('bridge', 1)] })
    expect(write(format, source)).toBe(write(format, source))
    expect(titles[format](write(format, sourceOf()))).toEqual([])
  })

  it('has none of the words that were taken back', () => {
    const takenBack = [takenBackOf('gone', 'withdrawn', 1), takenBackOf('held', 'held', 2)]
    const lines = [lineOf('gone', 1), lineOf('held', 2), lineOf('bridge', 3)]
    const text = write(format, sourceOf({ lines, takenBack }))
    expect(text).not.toMatch(/Text of (gone|held)/)
    for (const name of ['gone', 'held', 'bridge']) expect(text).toContain(idOf(name))
  })
})

const full = lineOf('bridge', 2, {
  version: 3,
  speaker: 'Mayor',
  text: 'The bridge is closed',
  urgency: 'flash',
  section: 'city',
  regions: ['north'],
  tags: ['traffic'],
  link: 'https://news.example/bridge?a=1&b=2',
  source: 'City desk',
  lang: 'en-GB',
  expiresAt: minute(58),
  corrected: minute(20),
  note: 'Closed, not collapsed',
})
const source = sourceOf({
  lines: [full],
  takenBack: [takenBackOf('gone', 'withdrawn', 1), takenBackOf('held', 'held', 0)],
  licence: LICENCE,
})

describe('RSS', () => {
  it('has the elements of RSS, Dublin Core and RSL', () => {
    const feed = parseRssFeed(write('rss.xml', { ...source, self: '/feeds/en/rss.xml' }))
    expect(feed).toMatchObject({
      title: 'Breaking',
      link: 'https://news.example/embed/en',
      language: 'en',
      lastBuildDate: 'Mon, 05 Oct 2026 12:59:00 GMT',
      ttl: 1,
      atom: {
        links: [
          { rel: 'self', href: 'https://news.example/feeds/en/rss.xml', type: 'application/rss+xml' },
          { rel: 'license', href: LICENCE, type: 'application/rsl+xml' },
        ],
      },
    })
    expect(feed.items?.[0]).toMatchObject({
      title: 'Mayor: The bridge is closed',
      link: 'https://news.example/bridge?a=1&b=2',
      description: 'Mayor: The bridge is closed – Corrected: Closed, not collapsed',
      guid: { value: `tag:flashline,2026:en:${idOf('bridge')}`, isPermaLink: false },
      pubDate: 'Mon, 05 Oct 2026 12:02:00 GMT',
      categories: [
        { name: 'flash', domain: 'urgency' },
        { name: 'city' },
        { name: 'north' },
        { name: 'traffic' },
      ],
      dc: { creators: ['City desk'], languages: ['en-GB'] },
      dcterms: { modified: [minute(20)], valid: [`end=${minute(58)}; scheme=W3C-DTF`] },
    })
    expect(feed.items?.map(({ title }) => title).slice(1)).toEqual(['Withdrawn', 'On hold'])
  })

  it('names the licence of each item at an address of the feed itself', () => {
    const text = write('rss.xml', source)
    expect(text).toContain('xmlns:rsl="https://rslstandard.org/rsl"')
    expect(text).toContain(
      `<rsl:content url="https://news.example/feeds/en/headlines/${idOf('bridge')}/rss.xml"><rsl:terms>https://news.example/license.xml?a=1&amp;b=2</rsl:terms></rsl:content>`,
    )
    expect(write('rss.xml', sourceOf({ lines: [full] }))).not.toContain('rsl')
  })
})

describe('Atom', () => {
  it('has the elements of Atom, and a tombstone for each withdrawn headline', () => {
    const feed = parseAtomFeed(write('atom.xml', { ...source, self: '/feeds/en/atom.xml' }))
    expect(feed).toMatchObject({
      id: 'tag:flashline,2026:en:feed',
      updated: minute(59),
      authors: [{ name: 'Breaking' }],
    })
    expect(feed.links).toContainEqual({ rel: 'license', href: LICENCE, type: 'application/rsl+xml' })
    expect(feed.entries?.[0]).toMatchObject({
      id: `tag:flashline,2026:en:${idOf('bridge')}`,
      links: [{ rel: 'alternate', href: 'https://news.example/bridge?a=1&b=2' }],
      published: minute(2),
      updated: minute(20),
      authors: [{ name: 'City desk' }],
    })
    const text = write('atom.xml', source)
    const [tombstone, ...others] = text.match(/<at:deleted-entry [^>]*>/g) ?? []
    expect(tombstone).toBe(
      `<at:deleted-entry ref="tag:flashline,2026:en:${idOf('gone')}" when="${minute(31)}"/>`,
    )
    expect(others).toEqual([])
    expect(text).toContain('xmlns:at="http://purl.org/atompub/tombstones/1.0"')
  })
})

describe.each(['rss.xml', 'atom.xml'] as const)('%s for screens', (format) => {
  it('has the headlines that may show in their titles, and nothing that a ticker must not show', () => {
    const older = lineOf('tunnel', 1, { text: 'Tunnel open' })
    const text = write(format, { ...source, lines: [older, full], correctionItems: true }, 'screen')
    expect(titles[format](text)).toEqual(['Mayor: The bridge is closed', 'Tunnel open'])
    expect(text).not.toMatch(/Withdrawn|On hold|Correct|deleted-entry|<description>The|<content/)
  })
})

describe('ninjs', () => {
  const ajv = new Ajv2020({ strict: false })
  ;(addFormats as unknown as (ajv: Ajv2020) => void)(ajv)
  const read = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../schemas/ninjs/${name}`, import.meta.url), 'utf8')) as object
  ajv.addSchema(read('GeoJSON-schema.json'))
  const validate = ajv.compile(read('ninjs-schema_3.1.json'))

  it.each([
    ['a feed', source],
    ['an empty feed', sourceOf()],
    ['a feed with corrections as items', { ...source, correctionItems: true }],
  ])('fits the schema of the IPTC: %s', (_which, each) => {
    validate(JSON.parse(write('ninjs.json', each)))
    expect(validate.errors ?? []).toEqual([])
  })

  it('has status, version, urgency, expiry and rights as the standard writes them', () => {
    const items = ninjsItems(write('ninjs.json', source))
    expect(items.map(({ pubStatus, version }) => [pubStatus, version])).toEqual([
      ['usable', '3'],
      ['canceled', '2'],
      ['withheld', '2'],
    ])
    expect(items[0]).toMatchObject({
      urgency: 1,
      expires: minute(58),
      rightsInfo: { linkedRights: LICENCE },
      infoSources: [{ name: 'City desk' }],
      firstCreated: minute(2),
      versionCreated: minute(20),
      language: 'en-GB',
    })
  })
})

describe('JSON-LD', () => {
  it('is a live blog with a comment on each correction, and may stand in a script element', () => {
    const text = write('live-blog.jsonld', { ...source, lines: [{ ...full, text: '</script><b>' }] })
    expect(text).not.toContain('<')
    const blog = JSON.parse(text) as { liveBlogUpdate: object[] }
    expect(blog).toMatchObject({
      '@type': 'LiveBlogPosting',
      license: LICENCE,
      coverageStartTime: minute(0),
      dateModified: minute(59),
    })
    expect(blog.liveBlogUpdate).toMatchObject([
      {
        '@type': 'BlogPosting',
        headline: 'Mayor: </script><b>',
        datePublished: minute(2),
        dateModified: minute(20),
        expires: minute(58),
        correction: {
          '@type': 'CorrectionComment',
          text: 'Closed, not collapsed',
          datePublished: minute(20),
        },
      },
      { headline: 'Withdrawn', creativeWorkStatus: 'Withdrawn' },
      { headline: 'On hold', creativeWorkStatus: 'OnHold' },
    ])
  })
})

describe('JSON Feed', () => {
  it('has the members of JSON Feed 1.1, and its own under one name', () => {
    const text = write('feed.json', source)
    expect(parseJsonFeed(JSON.parse(text))).toMatchObject({ title: 'Breaking', language: 'en' })
    expect((JSON.parse(text) as { items: object[] }).items).toMatchObject([
      {
        id: `tag:flashline,2026:en:${idOf('bridge')}`,
        url: 'https://news.example/bridge?a=1&b=2',
        title: 'Mayor: The bridge is closed',
        content_text: 'Mayor: The bridge is closed\n\nCorrected: Closed, not collapsed',
        date_published: minute(2),
        date_modified: minute(20),
        authors: [{ name: 'City desk' }],
        tags: ['city', 'north', 'traffic'],
        language: 'en-GB',
        _flashline: {
          headline: idOf('bridge'),
          version: 3,
          status: 'live',
          urgency: 'flash',
          expires: minute(58),
        },
      },
      { title: 'Withdrawn', _flashline: { status: 'withdrawn' } },
      { title: 'On hold', _flashline: { status: 'held' } },
    ])
  })
})

describe('lines', () => {
  it('are the headlines as readers of the protocol get them, newest first, with those that were taken back', () => {
    const { lines } = JSON.parse(write('lines.json', source)) as { lines: object[] }
    expect(lines).toEqual([full, source.takenBack[0], source.takenBack[1]])
    expect(
      write('lines.ndjson', source)
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as object),
    ).toEqual(lines)
  })

  it('have no cell that a spreadsheet runs', () => {
    const text = '=HYPERLINK("http://x.example")'
    const csv = write('lines.csv', sourceOf({ lines: [lineOf('bridge', 1, { text })] }))
    expect(csv).toContain(`"'=HYPERLINK(""http://x.example"")"`)
    expect(csv.split('\r\n')[0]).toMatch(/^id,status,version,publishedAt,updatedAt,/)
  })
})
