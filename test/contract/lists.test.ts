import { describe, expect, it } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { acknowledgedOps } from '../../src/protocol/ack.ts'
import { closeCodes } from '../../src/protocol/close-codes.ts'
import { embedModes, embedSettingNames, embedThemes } from '../../src/protocol/embed.ts'
import { actions, isOfKind } from '../../src/protocol/lists/actions.ts'
import { opEffects, ops, opsThat } from '../../src/protocol/lists/ops.ts'
import { roles } from '../../src/protocol/lists/roles.ts'
import { publicStatuses, statuses, statusesIn } from '../../src/protocol/lists/statuses.ts'
import { urgencies, type Urgency } from '../../src/protocol/lists/urgencies.ts'
import { lineWordsFor } from '../../src/protocol/line-words-for.ts'
import { ways } from '../../web/embed/choice.ts'
import { decide, startOf } from '../../web/sdk/connection-state.ts'
import { clears } from '../../web/sdk/strip.ts'
import type { Op } from '../../web/sdk/types.ts'
import { languages } from '../../web/widget/languages.ts'
import { attributes, readSettings } from '../../web/widget/settings.ts'
import { tableUnder } from '../support/markdown-table.ts'
import { wordsOfUnion } from '../support/words-of-union.ts'

// The lists of src/protocol/lists are written down once more where no compiler looks: in CSS, HTML, Lua, PHP, examples
// and documents. Who adds a word to a list finds here which places must follow.

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
const loggedOps = ops.filter((op) => op !== 'leave')
const removals = loggedOps.filter((op) => opEffects[op].status !== 'live')

describe('an urgency', () => {
  const sheets = ['web/page/page.css', 'web/widget/ticker.css', 'web/embed/frame.css']

  it.each(sheets)('has its look in %s', async (path) => {
    const css = await read(path)
    const selectors = [
      ...css.matchAll(/\[data-urgency='([a-z]+)'\]|\.flashline-([a-z]+) \.flashline-urgency/g),
    ]
    const styled = new Set(selectors.map(([, attribute, name]) => attribute ?? name))
    expect(urgencies.filter((urgency) => !styled.has(urgency))).toEqual([])
    expect([...styled].filter((name) => !urgencies.includes(name as Urgency))).toEqual([])
  })

  it('has the word in docs/widget.md that readers see', async () => {
    const rows = tableUnder(await read('docs/widget.md'), '## Words and signs')
    expect(rows.map(({ urgency, english, arabic, spanish }) => [urgency, english, arabic, spanish])).toEqual(
      urgencies.map((urgency) => [
        urgency,
        ...['en', 'ar', 'es'].map((lang) => lineWordsFor(lang).urgency[urgency]),
      ]),
    )
  })

  it('can be chosen for a ticker, also as what is announced', () => {
    for (const urgency of urgencies)
      expect(readSettings((name) => (/urgency|announce/.test(name) ? urgency : null), '')).toMatchObject({
        filters: { urgency },
        announce: urgency,
      })
  })

  it('is known to the WordPress plugin and to the React component', async () => {
    expect(patternOf(await read('docs/examples/wordpress/flashline.php'), 'urgency')).toEqual([...urgencies])
    expect(wordsOfUnion(await read('docs/examples/react/FlashlineTicker.tsx'), 'urgency')).toEqual([
      ...urgencies,
    ])
  })

  it('is explained to readers and to sites', async () => {
    for (const path of ['PROTOCOL.md', 'docs/widget.md'])
      expect([path, ...wordsInRow(await read(path), 'urgency')]).toEqual([path, ...urgencies])
  })
})

describe('an operation', () => {
  it('is released by release-due.lua', async () => {
    const lua = await read('src/eventlog/lua/release-due.lua')
    // The end of a line is planned as a change of its own, and comes out as `expire`.
    expect(luaTable(lua, 'RELEASE').map(([op]) => op)).toEqual(sorted([...loggedOps, 'time-over']))
    const after = removals.map((op) => [op, opEffects[op].status])
    expect(luaTable(lua, 'STATUS_AFTER')).toEqual(sorted(after))
  })

  it('is saved by save-headline.lua', async () => {
    const lua = await read('src/eventlog/lua/save-headline.lua')
    const named = (table: string) => luaTable(lua, table).map(([op]) => op)
    expect(named('REMOVES')).toEqual(sorted(removals))
    expect(named('GOES_FIRST')).toEqual(sorted([...opsThat(({ goesFirst }) => goesFirst)]))
    expect(named('CLEARS')).toEqual(sorted(loggedOps.filter((op) => opEffects[op].clears)))
  })

  it.each([...ops, 'celebrate', 'halt', 'link', 'warn'])(
    '%s is acknowledged where the gateway asks',
    (op) => {
      expect(clears(op as Op)).toBe(acknowledgedOps.has(op))
    },
  )

  it('is explained to readers', async () => {
    const rows = tableUnder(await read('PROTOCOL.md'), '### Operations')
    expect(rows.map((row) => [row.op, row['in the strip']])).toEqual(
      ops.map((op) => [op, opEffects[op].status === 'live' ? 'put' : 'remove']),
    )
  })
})

describe('a status', () => {
  it('that readers meet is one that an operation leaves', () => {
    // `superseded` is no event's own: a later event gives it to an earlier one.
    expect(new Set([...ops.map((op) => opEffects[op].status), 'superseded'])).toEqual(new Set(publicStatuses))
  })

  it('that readers meet is explained to them', async () => {
    const [, named = ''] =
      /has only `id`, `version`, `status` \(([^)]+)\)/.exec(await read('PROTOCOL.md')) ?? []
    expect(named.match(/[a-z]+(?=`)/g)).toEqual(publicStatuses.filter((status) => status !== 'live'))
  })

  it('of a line that is or will be out lets flag-sibling.lua flag it', async () => {
    const lua = await read('src/eventlog/lua/flag-sibling.lua')
    expect(luaTable(lua, 'FLAGGED_STATUSES').map(([status]) => status)).toEqual(
      sorted(statusesIn('accepted', 'released')),
    )
  })

  it.each(['release-due', 'save-headline'])('is spelt in %s.lua as everywhere', async (script) => {
    const lua = await read(`src/eventlog/lua/${script}.lua`)
    const named = [...lua.matchAll(/(?:status [=~]= |status_index \.\. |move_status\(.*, )'([a-z-]+)'/g)]
    expect(named.length).toBeGreaterThan(1)
    expect(named.map(([, word]) => word).filter((word) => !isStatus(word))).toEqual([])
  })
})

describe('an action', () => {
  it('that takes something back is never held up by save-headline.lua', async () => {
    const lua = await read('src/eventlog/lua/save-headline.lua')
    expect(luaTable(lua, 'TAKES_BACK').map(([action]) => action)).toEqual(
      sorted(actions.filter((action) => isOfKind('takes-back', action))),
    )
  })

  it('that goes first takes something back', () => {
    const first = opsThat(({ goesFirst }) => goesFirst)
    expect(actions.filter((action) => first.has(action) && !isOfKind('takes-back', action))).toEqual([])
  })
})

it('every role is explained to editors', async () => {
  const rows = tableUnder(await read('PROTOCOL.md'), '### Who may do what')
  expect(rows.map(({ role }) => role)).toEqual([...roles])
})

describe('the client', () => {
  const types = () => read('web/sdk/types.ts')

  it('asks for everything after each close code that says "not like this"', () => {
    const open = {
      ...startOf(0, { rungs: 1, rung: 0, filtered: false, position: 'aaaaaaaa:1' }),
      phase: 'open' as const,
    }
    for (const [code, { reader }] of Object.entries(closeCodes)) {
      const [{ position }] = decide(open, { type: 'close', code: Number(code) }, 0, 0)
      expect([code, position === undefined]).toEqual([code, !/\breconnect\b/i.test(reader)])
    }
  })

  it('explains each of its states and transports', async () => {
    const readme = await read('web/sdk/README.md')
    const states = wordsOfUnion(await types(), 'ConnectionState')
    expect(tableUnder(readme, '## `status`').map(({ state }) => state)).toEqual(states)
    const [, transports = ''] = /`transport` \(([^)]+)\)/.exec(readme) ?? []
    expect(transports.match(/[a-z]+(?=`)/g)).toEqual(wordsOfUnion(await types(), 'Transport'))
    const [, shown = ''] = /`data-state`[^.:]*: ([^.]+)\./.exec(await read('docs/widget.md')) ?? []
    // An element that is closed shows nothing.
    expect(shown.match(/[a-z]+(?=`)/g)).toEqual(states.filter((state) => state !== 'closed'))
  })
})

describe('a setting of an embed', () => {
  it('is one of the ticker, of its documents and of the plugin', async () => {
    const php = await read('docs/examples/wordpress/flashline.php')
    expect(attributes).toEqual(expect.arrayContaining([...embedSettingNames]))
    const rows = tableUnder(await read('docs/widget.md'), '## Attributes')
    expect(sorted(rows.flatMap(({ attribute = '' }) => attribute.split(', ')))).toEqual(sorted(attributes))
    for (const name of embedSettingNames) expect(php).toMatch(new RegExp(`^\\t\\t'${name}' +=> `, 'm'))
  })

  it.each([
    { name: 'mode', words: embedModes },
    { name: 'theme', words: embedThemes },
  ])('has the same words for $name everywhere', async ({ name, words }) => {
    const builder = optionsOf(await read('web/embed/builder.html'), name)
    // Nothing said is `auto`.
    expect(sorted(builder.map((word) => (word === '' ? 'auto' : word)))).toEqual(sorted([...words]))
    expect(patternOf(await read('docs/examples/wordpress/flashline.php'), name)).toEqual([...words])
    expect(wordsOfUnion(await read('docs/examples/react/FlashlineTicker.tsx'), name)).toEqual([...words])
    for (const word of words)
      expect(readSettings((asked) => (asked === name ? word : null), '')).toMatchObject({ [name]: word })
    expect(wordsInRow(await read('docs/widget.md'), name)).toEqual([...words])
  })

  it('comes into a page in each way that the builder offers', async () => {
    expect(optionsOf(await read('web/embed/builder.html'), 'way')).toEqual([...ways])
  })
})

it('docs/widget.md names the languages of the ticker', async () => {
  const [, named = ''] =
    /^\| `lang` \|.*: ([a-z]{2}(?:, [a-z]{2})+)/m.exec(await read('docs/widget.md')) ?? []
  expect(sorted(named.split(', '))).toEqual(sorted(['en', ...languages.map(({ lang }) => lang)]))
})

function isStatus(word: string | undefined): boolean {
  return statuses.some((status) => status === word)
}

function sorted<T extends string | readonly string[]>(words: readonly T[]): T[] {
  return [...words].sort((a, b) => String(a).localeCompare(String(b)))
}

/** Keys and values of `local NAME = { a = b, ['c-d'] = 'e' }`, sorted. */
function luaTable(lua: string, name: string): [key: string, value: string][] {
  const [, body] = new RegExp(`^local ${name} = \\{([^}]*)\\}`, 'm').exec(lua) ?? []
  if (body === undefined) throw new Error(`there is no table ${name}`)
  const pairs = body.matchAll(/(?:\['([a-z-]+)'\]|(\w+)) = '?([\w-]+)'?/g)
  return sorted(
    [...pairs].map(([, quoted, bare, value = '']) => [quoted ?? bare ?? '', value] as [string, string]),
  )
}

/** The values of a select or of radio buttons. */
function optionsOf(html: string, name: string): string[] {
  const [select = ''] = new RegExp(`<select[^>]* name="${name}"[^]*?</select>`).exec(html) ?? []
  const options = [...select.matchAll(/<option value="([^"]*)"/g)]
  const radios = [...html.matchAll(new RegExp(`type="radio" name="${name}" value="([^"]*)"`, 'g'))]
  return [...options, ...radios].map(([, value = '']) => value)
}

/** The words of `'name' => '/^(a|b)$/'`. */
function patternOf(php: string, name: string): string[] {
  const [, words = ''] = new RegExp(`'${name}' +=> '/\\^\\(([a-z|]+)\\)\\$/'`).exec(php) ?? []
  return words.split('|')
}

/** The words in code style in the first row of a table that explains `name`. */
function wordsInRow(markdown: string, name: string): string[] {
  const row = markdown.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? ''
  return [...row.slice(name.length + 5).matchAll(/`([a-z]+)`/g)].map(([, word = '']) => word)
}
