import { expect, it } from '@jest/globals'
import type { CDPSession } from 'playwright-core'
import type { System } from '../support/system.ts'
import { scriptTag, type TickerSite, type TickerPage } from '../support/ticker-site.ts'
import { withTickerSite } from '../support/with-ticker-site.ts'

// The accessibility tree is what a screen reader gets: it hears the texts of a status as they change.

interface Node {
  readonly nodeId: string
  readonly ignored: boolean
  readonly role?: { readonly value: string }
  readonly name?: { readonly value: string }
  readonly childIds?: readonly string[]
  readonly backendDOMNodeId?: number
}

let system: System
let site: TickerSite
withTickerSite((opened) => ({ system, site } = opened))

/** The texts below the first node with this role, each with its language as a screen reader finds it. */
async function heardIn(page: TickerPage, role: string): Promise<[text: string, lang: string][]> {
  const session = await page.raw.context().newCDPSession(page.raw)
  await session.send('Accessibility.enable')
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as { nodes: Node[] }
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const texts: Node[] = []
  const collect = (node: Node | undefined): void => {
    if (!node) return
    if (!node.ignored && node.role?.value === 'StaticText') texts.push(node)
    else for (const id of node.childIds ?? []) collect(byId.get(id))
  }
  collect(nodes.find((node) => !node.ignored && node.role?.value === role))
  return Promise.all(
    texts.map(async ({ name, backendDOMNodeId }) => [
      name?.value ?? '',
      await langOf(session, backendDOMNodeId),
    ]),
  )
}

async function langOf(session: CDPSession, backendNodeId: number | undefined): Promise<string> {
  const { object } = await session.send('DOM.resolveNode', { backendNodeId: backendNodeId ?? 0 })
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: object.objectId ?? '',
    functionDeclaration: `function () {
      for (let node = this; node; node = node.parentNode ?? node.host) if (node.lang) return node.lang
      return ''
    }`,
  })
  return String(result.value)
}

it.each([
  {
    lang: 'pl',
    attributes: '',
    heard: [
      ['Flash: Polish: ', 'en'],
      ['Most zamknięty', 'pl'],
    ],
  },
  {
    lang: 'uk',
    attributes: 'lang="de"',
    heard: [
      ['Blitz: Ukrainisch: ', 'de'],
      ['Most zamknięty', 'uk'],
    ],
  },
  {
    lang: 'fr',
    attributes: '',
    heard: [
      ['Flash: ', 'fr'],
      ['Most zamknięty', 'fr'],
    ],
  },
])(
  'a flash of a feed in $lang is announced in its language, the words around in theirs ($attributes)',
  async ({ lang, attributes, heard }) => {
    const feed = `feed-${lang}`
    await system.createFeed({ id: feed, lang })
    await system.serves(feed)
    const tag = `<flashline-ticker feed="${feed}" ${attributes}></flashline-ticker>`
    const page = await site.visit(tag + scriptTag(system.url))
    await page.raw.locator('flashline-ticker[data-state=live]').waitFor()
    expect(await heardIn(page, 'status')).toEqual([])
    await system.publish(feed, [{ text: 'Most zamknięty', urgency: 'flash' }])
    await page.ticker().locator('[role=status]').filter({ hasText: 'Most' }).waitFor()
    expect(await heardIn(page, 'status')).toEqual(heard)
    // The line itself is there to read, in its language too.
    expect(await heardIn(page, 'listitem')).toContainEqual(['Most zamknięty', lang])
  },
)
