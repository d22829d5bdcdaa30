/** The commands for this very server, ready to copy. */
export function showCommands(parts: {
  readonly postCommand: HTMLElement
  readonly followCommand: HTMLElement
  readonly copied: HTMLElement
  readonly origin: string
}): void {
  parts.postCommand.textContent = [
    `curl -X POST ${parts.origin}/v1/feeds/en/headlines \\`,
    `  -H "Authorization: Bearer $FLASHLINE_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"text": "The first line", "urgency": "urgent"}'`,
  ].join('\n')
  parts.followCommand.textContent = [
    `curl -N ${parts.origin}/v1/feeds/en/events \\`,
    `  -H 'Accept: text/event-stream'`,
  ].join('\n')

  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copies]')) {
    button.addEventListener('click', () => void copyFrom(button.dataset.copies ?? '', parts.copied))
  }
}

async function copyFrom(id: string, copied: HTMLElement): Promise<void> {
  const source = document.getElementById(id)
  if (!source) return
  try {
    await navigator.clipboard.writeText(source.textContent)
    copied.textContent = 'Copied.'
  } catch {
    // Only secure origins have a clipboard: elsewhere the text is selected for the reader's own copy key.
    getSelection()?.selectAllChildren(source)
    copied.textContent = 'Selected: copy it with your keyboard.'
  }
}
