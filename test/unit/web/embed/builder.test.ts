import { beforeAll, describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { english as ticker } from '../../../../web/widget/ticker-words.ts'
import { languages } from '../../../../web/widget/languages.ts'
import { builderLanguages, builderWordsFor, filled } from '../../../../web/embed/builder-words.ts'
import { mostLines, readChoice, writeChoice } from '../../../../web/embed/choice.ts'
import { elementSnippet, frameSnippet } from '../../../../web/embed/snippets.ts'
import { attributes, readSettings } from '../../../../web/widget/settings.ts'
import { tableUnder } from '../../../support/markdown-table.ts'

const read = (path: string) => readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8')

let page: string
beforeAll(async () => {
  page = await read('web/embed/builder.html')
})

describe('the builder', () => {
  it('offers every attribute of the element, as the document has them', async () => {
    const table = tableUnder(await read('docs/widget.md'), '## Attributes')
    const documented = table.flatMap(({ attribute = '' }) => attribute.split(', '))
    // The server's own address is not to be chosen, and the builder knows no feed that is for partners.
    const offered = [
      'src',
      'token-from',
      ...[...page.matchAll(/<(?:input|select)[^>]* name="(\w+)"/g)].map(([, name]) => name),
    ]
    const others = ['way', 'pinned']
    expect([...documented].sort()).toEqual([...attributes].sort())
    expect([...new Set(offered)].filter((name) => !others.includes(name ?? '')).sort()).toEqual(
      [...attributes].sort(),
    )
  })

  it('states the number of headlines of the element, as the document does', async () => {
    const table = tableUnder(await read('docs/widget.md'), '## Attributes')
    const described = table.find(({ attribute }) => attribute === 'max')
    const [most, usual] = [mostLines('element'), readSettings(() => null, '').max]
    expect(Object.values(described ?? {}).join()).toContain(`1 to ${most}; default ${usual}`)
    expect(page).toMatch(new RegExp(`name="max"[^>]*max="${most}"[^>]*placeholder="${usual}"`))
  })

  it('speaks every language of the ticker', () => {
    expect([...builderLanguages].sort()).toEqual([ticker, ...languages].map(({ lang }) => lang).sort())
  })

  it.each(builderLanguages)('has every text in %s', (lang) => {
    const [texts, english] = [builderWordsFor([lang]), builderWordsFor([])]
    expect(texts.lang).toBe(lang)
    const places = (text: string) => text.split('#').length
    for (const [name, text] of Object.entries(texts)) {
      expect([name, text]).toEqual([name, expect.stringMatching(/[\p{L}\p{N}]/u)])
      expect([name, places(text)]).toEqual([
        name,
        places(String(Object.entries(english).find(([n]) => n === name)?.[1])),
      ])
    }
  })

  it('has the English texts in its page, which shows them without JavaScript', () => {
    const english: Readonly<Record<string, string>> = builderWordsFor([])
    const said = [...page.matchAll(/data-say="(\w+)"\s*>([^<]*)</g)]
    expect(said.length).toBeGreaterThan(30)
    for (const [, name = '', text = ''] of said)
      expect([name, text.replaceAll(/\s+/g, ' ').trim()]).toEqual([name, english[name]])
  })

  it.each([
    [['xx', 'ar-EG', 'de'], 'ar'],
    [['pt-BR'], 'pt'],
    [['xx'], 'en'],
    [['constructor'], 'en'],
    [[], 'en'],
  ])('for a reader of %j speaks %s', (preferred, lang) => {
    expect(builderWordsFor(preferred).lang).toBe(lang)
  })

  it('writes attributes of the element alone into no frame', () => {
    const { choice } = readChoice(new URLSearchParams('feed=en&cache=1&hidden=1&announce=flash&share='))
    const feed = { id: 'en', title: 'News', lang: 'en', dir: 'ltr' } as const
    const embed = { origin: 'https://news.example', feed, settings: {}, elementOnly: choice.elementOnly }
    expect(elementSnippet(embed)).toContain('feed="en" announce="flash" cache hidden>')
    expect(frameSnippet(embed)).not.toMatch(/cache|hidden|announce/)
    expect(readChoice(new URLSearchParams(writeChoice(choice))).choice).toEqual(choice)
  })

  it('fills each place of a text', () => {
    expect(filled('From # to #.', 1, 50)).toBe('From 1 to 50.')
  })
})
