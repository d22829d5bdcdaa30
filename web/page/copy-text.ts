/** Copies the text of an element; where nothing lets it, selects the text for the reader's own copy key. */
export async function copyText(source: HTMLElement): Promise<'copied' | 'selected'> {
  try {
    await navigator.clipboard.writeText(source.textContent)
    return 'copied'
  } catch {
    // Only secure origins have a clipboard, and it may be refused: the old way needs a selection and no permission.
    getSelection()?.selectAllChildren(source)
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else works there
    return document.execCommand('copy') ? 'copied' : 'selected'
  }
}
