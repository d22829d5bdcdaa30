import { element } from '../lines/element.ts'
import { copyText } from '../page/copy-text.ts'
import { readFeeds } from '../page/read-feeds.ts'
import type { FeedTitle } from '../../src/protocol/feed.ts'
import { readChoice, writeChoice, type Choice, type Faults } from './choice.ts'
import { fillForm, formValues, showFaults, showFeeds } from './choice-form.ts'
import { readManifest } from './read-manifest.ts'
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
}

const [feeds, script] = await Promise.all([
  load('/v1/feeds', readFeeds),
  load('/widget/v1.json', readManifest),
])
begin(feeds ?? [], script)

function begin(feeds: readonly FeedTitle[], script: PinnedScript | undefined): void {
  const { choice } = readChoice(new URLSearchParams(location.search))
  showFeeds(form, feeds, choice.feed)
  fillForm(form, choice)
  parts.pin.toggleAttribute('data-none', script === undefined)
  let settling: number | undefined
  const update = (settleMs: number): void => {
    const { choice, faults } = readChoice(formValues(form))
    const feed = feeds.find(({ id }) => id === choice.feed)
    showFaults(form, { ...faults, ...feedFault(feeds, feed) })
    if (!feed) return
    history.replaceState(null, '', `${location.pathname}${writeChoice(choice)}`)
    const embed = embedOf(choice, feed, script)
    showSnippets(choice, embed)
    clearTimeout(settling)
    settling = setTimeout(() => showPreview(parts.preview, choice.way, embed), settleMs)
  }
  form.addEventListener('input', () => update(SETTLE_MS))
  form.addEventListener('submit', (event) => event.preventDefault())
  update(0)
}

function embedOf({ settings, pinned }: Choice, feed: FeedTitle, script: PinnedScript | undefined): Embed {
  return { origin: location.origin, feed, settings, pinned: pinned ? script : undefined }
}

function feedFault(feeds: readonly FeedTitle[], feed: FeedTitle | undefined): Faults {
  if (feeds.length === 0) return { feed: 'There is no feed to show, or the list cannot be loaded.' }
  return feed ? {} : { feed: 'Choose an edition.' }
}

function showSnippets({ way }: Choice, embed: Embed): void {
  const { explanation, snippets } = snippetsFor(way, embed)
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
    'Copy',
    element('span', { class: 'unseen' }, ` ${title}`),
  )
  button.addEventListener('click', () => void copy(code, title))
  const box = element('pre', { tabindex: '0', role: 'group', 'aria-labelledby': label.id }, code)
  return element('div', { class: 'command' }, label, box, button)
}

async function copy(code: HTMLElement, title: string): Promise<void> {
  const done = await copyText(code)
  parts.copied.textContent = done === 'copied' ? `Copied: ${title}.` : 'Selected: copy it with your keyboard.'
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
