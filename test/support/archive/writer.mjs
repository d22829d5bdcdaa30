/**
 * Writes batches to the archive at the given address until it is killed, each with a line, an audit entry and an event
 * of its number. Prints the number of each batch that was acknowledged, and at the end the fault.
 */
const built = new URL('../../../dist/src/archive/databases/open-archive.js', import.meta.url)
/** @type {{ openArchive: typeof import('../../../src/archive/databases/open-archive.ts').openArchive }} */
const { openArchive } = await import(built.href)

const [url = '', first = '1', last = 'Infinity'] = process.argv.slice(2)
const say = (/** @type {unknown} */ value) => process.stdout.write(`${JSON.stringify(value)}\n`)
try {
  const archive = await openArchive(url)
  for (let n = Number(first); n <= Number(last); n++) {
    const id = `line-${n}`
    await archive.write({
      lines: [
        {
          ...{
            feed: 'en',
            id,
            createdAt: n,
            endedAt: n,
            status: 'expired',
            version: 1,
            authors: [],
            words: [id],
          },
          stored: { state: '{}', versions: { 1: 'x'.repeat(2_000) }, receipts: {} },
        },
      ],
      audit: { scope: 'en', entries: [{ n, chain: id, json: undefined }] },
      events: { feed: 'en', events: [{ position: id, at: n, headline: id, chain: id, frame: '{}' }] },
    })
    say(n)
  }
  await archive.close()
} catch (error) {
  say(error instanceof Error && 'fault' in error ? error.fault : String(error))
}
