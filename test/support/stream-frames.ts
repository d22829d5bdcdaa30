/** The frames of an event stream, whatever their type, until it ends or is cut. */
export async function* streamFrames<Frame>(
  url: string,
  { headers = {}, signal }: { headers?: Record<string, string>; signal: AbortSignal },
): AsyncGenerator<Frame, void> {
  const answer = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal })
  if (answer.status !== 200 || !answer.body) return
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of answer.body as unknown as AsyncIterable<Uint8Array>) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const [, data] = /^data: (.*)$/m.exec(block) ?? []
      if (data !== undefined) yield JSON.parse(data) as Frame
    }
  }
}
