import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { AtSpi, type AtSpiObject, type Run } from '../support/at-spi.ts'
import type { DrivenBrowser } from '../support/driven-browser.ts'
import { eventually } from '../support/eventually.ts'
import { openFirefox } from '../support/firefox.ts'
import { openOtherSite, type OtherSite } from '../support/other-site.ts'
import { startSystem, type System } from '../support/system.ts'
import { scriptTag } from '../support/ticker-site.ts'

// AT-SPI is how screen readers of Linux desktops read a browser.

const LIMIT_MS = 30_000
const path = process.env.AT_SPI_FIREFOX_PATH
const inFirefox = path ? describe : describe.skip

inFirefox('what a screen reader gets from the ticker in Firefox', () => {
  let atSpi: AtSpi
  let browser: DrivenBrowser
  let system: System
  let site: OtherSite

  beforeAll(async () => {
    atSpi = await AtSpi.open()
    ;[browser, system, site] = await Promise.all([
      openFirefox(path ?? '', { headless: false, env: atSpi.env }),
      startSystem({ ALLOWED_ORIGINS: '*' }),
      openOtherSite(),
    ])
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    await atSpi.close()
    site.close()
    await system.close()
  }, 60_000)

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
    { lang: 'fr', attributes: '', heard: [['Flash: Most zamknięty', 'fr']] },
  ])(
    'a flash of a feed in $lang is a politely announced change in its language, the words around in theirs ($attributes)',
    async ({ lang, attributes, heard }) => {
      const feed = `feed-${lang}`
      await system.createFeed({ id: feed, lang })
      await system.serves(feed)
      const tag = `<flashline-ticker feed="${feed}" ${attributes}></flashline-ticker>`
      const page = await browser.open(site.page(tag + scriptTag(system.url)))
      await eventually('the ticker is live', LIMIT_MS, () =>
        page.evaluate<boolean>("document.querySelector('flashline-ticker').dataset.state === 'live'"),
      )
      await page.evaluate(`void (document.title = '${feed}')`)
      const seen = await eventually('the page is in the tree', LIMIT_MS, () => atSpi.page(feed))
      const status = await eventually('its status is in the tree', LIMIT_MS, () => seen.find(isStatus))
      expect(await status.runs()).toEqual([])
      expect(await status.attributes()).toMatchObject({ 'container-live': 'polite' })

      await system.publish(feed, [{ text: 'Most zamknięty', urgency: 'flash' }])
      await eventually('the status has a text', LIMIT_MS, async () => (await textOf(status)).includes('Most'))
      expect(await status.runs()).toEqual(heard)
      // The line itself is there to read, in its language too.
      const line = (object: AtSpiObject) => textOf(object).then((text) => text.endsWith('Most zamknięty'))
      const list = await eventually('the list is in the tree', LIMIT_MS, () =>
        seen.find(async (object) => (await object.role()) === 'list item'),
      )
      const shown = await eventually('the line is in the tree', LIMIT_MS, () => list.find(line))
      expect((await shown.runs()).at(-1)).toEqual(['Most zamknięty', lang])
      await page.close()
    },
    120_000,
  )
})

async function isStatus(object: AtSpiObject): Promise<boolean> {
  return (await object.attributes())['xml-roles'] === 'status'
}

async function textOf(object: AtSpiObject): Promise<string> {
  return (await object.runs().catch((): Run[] => [])).map(([text]) => text).join('')
}
