/** Copies the text of an element. If the browser does not allow it, selects the text so that the user can copy it. */
export async function copyText(source: HTMLElement): Promise<'copied' | 'selected'> {
  try {
    await navigator.clipboard.writeText(source.textContent)
    return 'copied'
  } catch {
    // The clipboard needs a secure origin and permission; the old command needs only a selection.
    getSelection()?.selectAllChildren(source)
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- no other way works without a clipboard
    return document.execCommand('copy') ? 'copied' : 'selected'
  }
}
