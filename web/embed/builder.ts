import { element } from '../lines/element.ts'
import { copyText } from '../page/copy-text.ts'
import { readFeeds } from '../page/read-feeds.ts'
import type { FeedTitle } from '../../src/protocol/feed.ts'
import type { EmbedSettings } from '../../src/protocol/embed.ts'
import { builderWordsFor, filled } from './builder-words.ts'
import { readChoice, writeChoice, type Choice, type Faults } from './choice.ts'
import { boundLines, fillForm, formValues, showFaults, showFeeds } from './choice-form.ts'
import { countPassing, loadFacts, type FeedFacts } from './feed-facts.ts'
import { readManifest } from './read-manifest.ts'
import { sayWords } from './say-words.ts'
import { markOffers, showOffers } from './show-offers.ts'
import { showPreview } from './show-preview.ts'
import { snippetsFor, type Snippet } from './snippets-for.ts'
import type { Embed, PinnedScript } from './snippets.ts'

const LOAD_LIMIT_MS = 10_000
/** Time without input before the preview is loaded again. */
const SETTLE_MS = 300

const form = part('choices', HTMLFormElement)
const parts = {
  explanation: part('explanation', HTMLElement),
  pin: part('pin', HTMLElement),
  snippets: part('snippets', HTMLElement),
  copied: part('copied', HTMLElement),
  preview: part('preview', HTMLElement),
  elementOnly: part('element-only', HTMLElement),
  warning: part('filter-warning', HTMLElement),
}

const words = builderWordsFor(navigator.languages)
sayWords(form, words)
const [feeds, script] = await Promise.all([
  load('/v1/feeds', readFeeds),
  load('/widget/v1.json', readManifest),
])
begin(feeds ?? [], script)

function begin(feeds: readonly FeedTitle[], script: PinnedScript | undefined): void {
  const { choice } = readChoice(new URLSearchParams(location.search))
  showFeeds(form, feeds, choice.feed)
  fillForm(form, choice)
  // Until now an entry would be overwritten.
  form.inert = false
  parts.pin.toggleAttribute('data-none', script === undefined)
  let settling: number | undefined
  const update = (settleMs: number): void => {
    const { choice, faults } = readChoice(formValues(form), words)
    const feed = feeds.find(({ id }) => id === choice.feed)
    boundLines(form, choice.way, words.all)
    showFaults(form, { ...faults, ...feedFault(feeds, feed) })
    if (!feed) return
    history.replaceState(null, '', `${location.pathname}${writeChoice(choice)}`)
    const embed = embedOf(choice, feed, script)
    showSnippets(choice, embed)
    parts.elementOnly.hidden = choice.way !== 'element'
    markOffers(form)
    if (feed.id !== offered) offer(feed)
    clearTimeout(settling)
    settling = setTimeout(() => {
      showPreview(parts.preview, choice.way, embed, words)
      void warn(feed, choice.settings)
    }, settleMs)
  }
  /** The sections and regions of the feed that is chosen. */
  let facts: Promise<FeedFacts | undefined> = Promise.resolve(undefined)
  let offered = ''
  const offer = (feed: FeedTitle): void => {
    offered = feed.id
    facts = loadFacts(feed)
    showOffers(form, undefined)
    void facts.then((found) => {
      if (feed.id === offered) showOffers(form, found)
    })
  }
  /** Says that a filter lets nothing pass, or names a section or region that no headline has. */
  let requests = 0
  const warn = async (feed: FeedTitle, settings: EmbedSettings): Promise<void> => {
    const request = ++requests
    const known = await facts
    const count = isFiltered(settings) ? await countPassing(feed.id, settings) : undefined
    if (request !== requests) return
    const unknown = known ? unknownSlugs(known, settings) : []
    const text =
      unknown.length > 0 ? filled(words.unknown, unknown.join(', ')) : count === 0 ? words.empty : ''
    if (parts.warning.textContent !== text) parts.warning.textContent = text
  }
  form.addEventListener('input', () => update(SETTLE_MS))
  form.addEventListener('submit', (event) => event.preventDefault())
  update(0)
}

function isFiltered({ section, region, urgency }: EmbedSettings): boolean {
  return [section, region, urgency].some((value) => value !== undefined)
}

function unknownSlugs(facts: FeedFacts, { section, region }: EmbedSettings): string[] {
  const absent = (slugs = '', known: ReadonlyMap<string, string>): string[] =>
    slugs.split(',').filter((slug) => slug !== '' && !known.has(slug))
  return [...absent(section, facts.section), ...absent(region, facts.region)]
}

function embedOf(
  { settings, elementOnly, pinned }: Choice,
  feed: FeedTitle,
  script: PinnedScript | undefined,
): Embed {
  return { origin: location.origin, feed, settings, elementOnly, pinned: pinned ? script : undefined }
}

function feedFault(feeds: readonly FeedTitle[], feed: FeedTitle | undefined): Faults {
  if (feeds.length === 0) return { feed: words.noFeed }
  return feed ? {} : { feed: words.chooseFeed }
}

function showSnippets({ way }: Choice, embed: Embed): void {
  const { explanation, snippets } = snippetsFor(way, embed, words)
  parts.explanation.textContent = explanation
  parts.pin.hidden = way !== 'element' || parts.pin.hasAttribute('data-none')
  parts.copied.textContent = ''
  parts.snippets.replaceChildren(...snippets.map(snippetView))
}

function snippetView({ title, text }: Snippet, index: number): HTMLElement {
  const id = `snippet-${index}`
  const code = element('code', { id }, text)
  const label = element('h3', { id: `${id}-title` }, title)
  const button = element(
    'button',
    { type: 'button' },
    words.copy,
    element('span', { class: 'unseen' }, ` ${title}`),
  )
  button.addEventListener('click', () => void copy(code, title))
  const box = element('pre', { tabindex: '0', role: 'group', 'aria-labelledby': label.id }, code)
  return element('div', { class: 'command' }, label, box, button)
}

async function copy(code: HTMLElement, title: string): Promise<void> {
  const done = await copyText(code)
  parts.copied.textContent = done === 'copied' ? filled(words.copied, title) : words.selected
}

async function load<T>(path: string, read: (answer: unknown) => T): Promise<T | undefined> {
  try {
    const answer = await fetch(path, { cache: 'no-cache', signal: AbortSignal.timeout(LOAD_LIMIT_MS) })
    return answer.ok ? read(await answer.json()) : undefined
  } catch {
    return undefined
  }
}

function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`builder.html has no #${id}`)
  return found
}
