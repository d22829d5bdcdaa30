const LIMIT_MS = 10_000

/** Opens the archive, and takes the keyboard to the words of its search once the view shows. */
export function openSearch(): void {
  location.hash = '#/archive'

  function look(): void {
    const field = document.querySelector<HTMLElement>('[role="search"] input[type="search"]')
    if (!field?.offsetParent) return
    observer.disconnect()
    field.focus()
  }

  const observer = new MutationObserver(look)
  observer.observe(document.body, { subtree: true, childList: true, attributes: true })
  setTimeout(() => observer.disconnect(), LIMIT_MS)
  look()
}
