import { parseFeed as parseByRowanManning } from '@rowanmanning/feed-parser'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import Database from 'libsql'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import RssParser from 'rss-parser'
import { fetchDebianTool, isDebianLike } from '../../scripts/support/debian-package.mjs'
import { findOnPath } from '../../scripts/support/host.mjs'

const run = promisify(execFile)
const LIMIT_MS = 60_000

/** An item as a program of others reads it. */
export interface ReadItem {
  readonly id: string
  readonly title: string
  readonly link: string
  /** Seconds since 1970: some programs keep no more. */
  readonly published: number
}

type XmlFormat = 'rss.xml' | 'atom.xml'

export interface FeedReader {
  readonly name: string
  readonly formats: readonly (XmlFormat | 'feed.json')[]
  readonly read: (text: string, format: string) => ReadItem[] | Promise<ReadItem[]>
}

const xml = ['rss.xml', 'atom.xml'] as const

function item(id: unknown, title: unknown, link: unknown, published: Date | string | number): ReadItem {
  const seconds =
    typeof published === 'number' ? published : Math.floor(new Date(published).getTime() / 1_000)
  return { id: String(id), title: String(title), link: String(link), published: seconds }
}

/** Programs from npm, which every computer has. */
export const packagedReaders: readonly FeedReader[] = [
  {
    name: 'feedsmith',
    formats: [...xml, 'feed.json'],
    read(text, format) {
      if (format === 'feed.json')
        return (parseJsonFeed(JSON.parse(text)).items ?? []).map((each) =>
          item(each.id, each.title, each.url, each.date_published ?? ''),
        )
      if (format === 'rss.xml')
        return (parseRssFeed(text).items ?? []).map((each) =>
          item(each.guid?.value, each.title, each.link, each.pubDate ?? ''),
        )
      return (parseAtomFeed(text).entries ?? []).map((each) =>
        item(each.id, each.title?.value, each.links?.[0]?.href, each.published ?? ''),
      )
    },
  },
  {
    name: '@rowanmanning/feed-parser',
    formats: xml,
    read: (text) =>
      parseByRowanManning(text).items.map(({ id, title, url, published }) =>
        item(id, title, url, published ?? ''),
      ),
  },
  {
    name: 'rss-parser',
    formats: xml,
    async read(text) {
      const { items } = await new RssParser().parseString(text)
      return items.map((each) => {
        const { id, guid } = each as { id?: string; guid?: string }
        return item(guid ?? id, each.title, each.link, each.isoDate ?? '')
      })
    },
  },
]

const PYTHON = `
import calendar, json, sys, feedparser
feed = feedparser.parse(sys.stdin.buffer.read())
print(json.dumps([[e.id, e.title, e.link, calendar.timegm(e.published_parsed)] for e in feed.entries]))
`

/** Programs of Debian, by name; undefined where the computer has none and can fetch none. */
export async function findDebianReaders(): Promise<Readonly<Record<string, FeedReader | undefined>>> {
  const [feedparser, newsboat, sfeed] = await Promise.all([findFeedparser(), findNewsboat(), findSfeed()])
  return { feedparser, newsboat, sfeed }
}

async function findFeedparser(): Promise<FeedReader | undefined> {
  const python = await findOnPath(['python3'])
  const folder = 'usr/lib/python3/dist-packages'
  const tool = await find(['python3-feedparser', 'python3-sgmllib3k'], `${folder}/feedparser`)
  if (python === undefined || !tool) return undefined
  return {
    name: 'feedparser',
    formats: xml,
    async read(text) {
      const env = { ...process.env, PYTHONPATH: join(tool.root, folder), PYTHONIOENCODING: 'utf-8' }
      const output = await filter(python, ['-c', PYTHON], text, env)
      return (JSON.parse(output) as [string, string, string, number][]).map((each) => item(...each))
    },
  }
}

/** It fetches a feed itself, and keeps what it has read in a database. */
async function findNewsboat(): Promise<FeedReader | undefined> {
  const tool = await find(['newsboat'], 'newsboat')
  if (!tool) return undefined
  return {
    name: 'newsboat',
    formats: xml,
    async read(text, format) {
      const folder = await mkdtemp(join(tmpdir(), 'flashline-newsboat-'))
      try {
        await writeFile(join(folder, format), text)
        await writeFile(join(folder, 'urls'), `file://${join(folder, format)}\n`)
        await writeFile(join(folder, 'config'), '')
        const files = ['-u', 'urls', '-c', 'cache.db', '-C', 'config'].map((each) =>
          each.startsWith('-') ? each : join(folder, each),
        )
        const env = { ...process.env, ...tool.env, HOME: folder }
        await run(tool.binary, [...files, '-x', 'reload'], { env, timeout: LIMIT_MS })
        const database = new Database(join(folder, 'cache.db'))
        const rows = database.prepare('SELECT guid, title, url, pubDate FROM rss_item ORDER BY id').all()
        database.close()
        return (rows as { guid: string; title: string; url: string; pubDate: number }[]).map((row) =>
          item(row.guid, row.title, row.url, row.pubDate),
        )
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

async function findSfeed(): Promise<FeedReader | undefined> {
  const tool = await find(['sfeed'], 'sfeed')
  if (!tool) return undefined
  return {
    name: 'sfeed',
    formats: xml,
    async read(text) {
      const rows = (await filter(tool.binary, [], text, { ...process.env, ...tool.env }))
        .split('\n')
        .slice(0, -1)
      return rows.map((row) => {
        const [published, title, link, , , id] = row.split('\t')
        return item(id, title, link, Number(published))
      })
    },
  }
}

async function find(packages: string[], binary: string) {
  const onPath = binary.includes('/') ? undefined : await findOnPath([binary])
  if (onPath !== undefined) return { binary: onPath, root: '', env: {} }
  if (!(await isDebianLike())) return undefined
  return fetchDebianTool({ packages, binary }).catch(() => undefined)
}

/** The output of a program that reads a text from its input. */
async function filter(binary: string, args: string[], text: string, env: NodeJS.ProcessEnv): Promise<string> {
  const running = run(binary, args, { env, timeout: LIMIT_MS })
  running.child.stdin?.end(text)
  return (await running).stdout
}
