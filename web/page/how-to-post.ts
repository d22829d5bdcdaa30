import { copyText } from './copy-text.ts'

interface CommandParts {
  readonly postCommand: HTMLElement
  readonly followCommand: HTMLElement
  readonly copied: HTMLElement
}

/** Shows the commands for this server and one of its feeds, ready to copy. */
export function showCommands(parts: CommandParts, origin: string, feed: string): void {
  const post = [
    `curl -X POST ${origin}/v1/feeds/${feed}/headlines \\`,
    `  -H "Authorization: Bearer $FLASHLINE_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"text": "The first line", "urgency": "flash"}'`,
  ].join('\n')
  const follow = [`curl -N ${origin}/v1/feeds/${feed}/events \\`, `  -H 'Accept: text/event-stream'`].join(
    '\n',
  )
  setText(parts.postCommand, post)
  setText(parts.followCommand, follow)
}

/** Sets a text if it differs, so that the user's selection stays. */
function setText(part: HTMLElement, text: string): void {
  if (part.textContent !== text) part.textContent = text
}

export function wireCopyButtons({ copied }: CommandParts): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copies]')) {
    button.addEventListener('click', () => void copyFrom(button.dataset.copies ?? '', copied))
  }
}

async function copyFrom(id: string, copied: HTMLElement): Promise<void> {
  const source = document.getElementById(id)
  if (!source) return
  const done = await copyText(source)
  copied.textContent = done === 'copied' ? 'Copied.' : 'Selected: copy it with your keyboard.'
}
