import { html, type Html } from '../embeds/html.ts'
import { pageHead } from './page-head.ts'

interface HowToPost {
  readonly origin: string
  readonly feed: string
  /** The file of the first key, for a reader on the same computer. */
  readonly keyFile: string | undefined
}

/** The page `/how-to-post`: commands that work as they are copied. */
export function howToPostPage({ origin, feed, keyFile }: HowToPost): Html {
  const key = keyFile === undefined ? '$FLASHLINE_KEY' : `$(cat ${shellWord(keyFile)})`
  const address = `${origin}/v1/feeds/${feed}`
  const authorization = `-H "Authorization: Bearer ${key}"`
  const json = `-H 'Content-Type: application/json'`
  const commands = [
    command('follow', 'Follow a feed in a terminal', [
      `curl -N ${address}/events`,
      `-H 'Accept: text/event-stream'`,
    ]),
    command('post', 'Post a headline', [
      `curl -X POST ${address}/headlines`,
      authorization,
      json,
      `-d '{"text": "Flashline is on air", "urgency": "flash"}'`,
    ]),
    command('withdraw', 'Withdraw it: put the id from the answer in the place of ID', [
      `curl -X POST ${address}/headlines/ID/withdraw`,
      authorization,
      json,
      `-d '{"reason": "A first try"}'`,
    ]),
  ]
  return html`<!doctype html>
    <html lang="en" dir="ltr">
      ${pageHead({ title: 'How to post', script: '/page/how-to-post.js' })}
      <body>
        <header class="masthead">
          <p class="wordmark"><span class="wordmark-flag">Breaking</span> Flashline</p>
          <div class="masthead-side"><a href="/">All headlines</a></div>
        </header>
        <main class="how">
          <h1>How to post</h1>
          ${
            keyFile === undefined
              ? html`<p>
                  <code>FLASHLINE_KEY</code> is your key: <code>export FLASHLINE_KEY=fl_…</code>. An admin
                  makes one; the first start writes one to <code>first-run-key</code> in its data folder.
                </p>`
              : html`<p>The commands read the key that the first start has written.</p>`
          }
          ${commands}
          <p>
            In a feed with an undo window the answer is 202 and names the time of the release. Until then
            <code>undo</code> stops the headline, and no reader has seen it.
          </p>
          <p class="copied" id="copied" role="status"></p>
          <p>
            Every route: <a href="/docs">the API</a> · <a href="/v1/openapi.json">OpenAPI description</a> ·
            <a href="/v1/feeds">feeds</a>
          </p>
        </main>
      </body>
    </html> `
}

function command(name: string, title: string, lines: readonly string[]): Html {
  const [id, heading] = [`${name}-command`, `${name}-title`]
  return html`<section class="command" aria-labelledby="${heading}">
    <h2 id="${heading}">${title}</h2>
    <pre
      tabindex="0"
      role="group"
      aria-labelledby="${heading}"
    ><code id="${id}">${lines.join(' \\\n  ')}</code></pre>
    <button type="button" data-copies="${id}" aria-label="Copy: ${title}">Copy</button>
  </section> `
}

function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
