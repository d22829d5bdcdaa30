import {
  chosen,
  frameAddress,
  frameHeights,
  frameHtml,
  type EmbedSettings,
} from '../../src/protocol/embed.ts'
import { escapeHtml } from '../../src/protocol/escape-html.ts'
import type { FeedTitle } from '../../src/protocol/feed.ts'
import type { ElementOnly } from './choice.ts'

export interface Embed {
  /** The server's origin. */
  readonly origin: string
  readonly feed: FeedTitle
  readonly settings: EmbedSettings
  readonly elementOnly?: ElementOnly | undefined
  /** The pinned script; undefined: the script that is always the newest. */
  readonly pinned?: PinnedScript | undefined
}

export interface PinnedScript {
  readonly src: string
  readonly integrity: string
}

/** The script and the element. It shows a link until the script has loaded, and the frame without JavaScript. */
export function elementSnippet(embed: Embed): string {
  const { origin, feed, settings, elementOnly = {} } = embed
  const own = Object.entries(elementOnly)
  const element = attributesOf([['src', origin], ['feed', feed.id], ...chosen(settings), ...own])
  const frame = frameOf(embed)
  return [
    scriptTag(embed),
    `<flashline-ticker ${element}>`,
    `  <a href="${escapeHtml(frameAddress(origin, feed.id, settings))}">${escapeHtml(feed.title)}</a>`,
    `  <noscript>${frame}</noscript>`,
    '</flashline-ticker>',
  ].join('\n')
}

/** The frame and the script that gives it the height of its content. */
export function frameSnippet(embed: Embed): string {
  return `${frameOf(embed)}\n<script async src="${escapeHtml(embed.origin)}/embed/v1.js"></script>`
}

/** The shortcode for the WordPress plugin. It is quoted as HTML is, and its values contain no square brackets. */
export function shortcodeSnippet({ feed, settings }: Embed): string {
  return `[flashline ${attributesOf([['feed', feed.id], ...chosen(settings)])}]`
}

/** The URL of the HTML fragment, which a site's server can include in its pages. */
export function fragmentAddress({
  origin,
  feed,
  settings: { section, region, urgency, max },
}: Embed): string {
  const query = new URLSearchParams(chosen({ section, region, urgency, max }))
    .toString()
    .replaceAll('%2C', ',')
  return `${origin}/v1/feeds/${feed.id}/strip.html${query === '' ? '' : `?${query}`}`
}

function scriptTag({ origin, pinned }: Embed): string {
  if (!pinned) return `<script async src="${escapeHtml(origin)}/widget/v1.js"></script>`
  const src = new URL(pinned.src, origin).href
  const attributes = attributesOf([
    ['src', src],
    ['integrity', pinned.integrity],
    ['crossorigin', 'anonymous'],
  ])
  return `<script async ${attributes}></script>`
}

function frameOf({ origin, feed, settings }: Embed): string {
  const address = frameAddress(origin, feed.id, settings)
  const height = frameHeights[settings.mode ?? 'list']
  return frameHtml({ address, title: feed.title, width: '100%', height })
}

function attributesOf(values: readonly (readonly [name: string, value: string])[]): string {
  return values.map(([name, value]) => (value === '' ? name : `${name}="${escapeHtml(value)}"`)).join(' ')
}
