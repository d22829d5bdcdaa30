import { z } from 'zod'

/** The manifest that Vite writes: each source file with its bundle. */
const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    isEntry: z.boolean().optional(),
    css: z.array(z.string()).default([]),
    imports: z.array(z.string()).default([]),
  }),
)
type DeskFiles = z.output<typeof manifestSchema>

/** Gives the HTML of the desk for a nonce. Errors: an error where the build has no desk. */
export function deskTemplate(written: unknown): (nonce: string) => string {
  const manifest = manifestSchema.parse(written)
  const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry)
  const script = entry === undefined ? undefined : manifest[entry]?.file
  if (entry === undefined || script === undefined) throw new Error('The build has no desk')
  const needed = [...filesOf(manifest, entry)]
  const links = [
    ...needed.filter(isStyle).map((file) => `<link rel="stylesheet" href="/desk/${file}" />`),
    ...needed
      .filter((file) => !isStyle(file) && file !== script)
      .map((file) => `<link rel="modulepreload" href="/desk/${file}" />`),
  ].join('\n    ')
  return (nonce) => `<!doctype html>
<html lang="en" dir="ltr">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <meta name="robots" content="noindex" />
    <meta property="csp-nonce" nonce="${nonce}" />
    <title>Desk · Flashline</title>
    <link rel="icon" href="/page/icon.svg" type="image/svg+xml" />
    ${links}
    <style nonce="${nonce}">
      #desk > p { visibility: hidden; animation: tell 0s 3s forwards }
      @keyframes tell { to { visibility: visible } }
    </style>
    <script type="module" src="/desk/${script}"></script>
  </head>
  <body>
    <div id="desk">
      <noscript>The desk needs JavaScript.</noscript>
      <p>The desk could not be loaded. Load the page again once the service answers.</p>
    </div>
  </body>
</html>
`
}

/** The files that the page needs before it can show, in the order of the imports. */
function filesOf(manifest: DeskFiles, name: string, found = new Set<string>()): Set<string> {
  const chunk = manifest[name]
  if (!chunk || found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const style of chunk.css) found.add(style)
  for (const imported of chunk.imports) filesOf(manifest, imported, found)
  return found
}

function isStyle(file: string): boolean {
  return file.endsWith('.css')
}
