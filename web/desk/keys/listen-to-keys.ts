import { Sorensen as sorensen } from '@sofie-automation/sorensen'
import { commandNames } from './commands.ts'
import { keyMap, onChange } from './key-map.ts'
import { runCommand } from './running-commands.ts'

let isReady: Promise<void> | undefined

/**
 * Runs the command of a key that is pressed, and `onPalette` for Ctrl or ⌘ + K.
 *
 * The library follows the keys that are down. A Mac tells of no key that is let go while ⌘ is down, so each binding
 * decides by the event itself, and not by the other keys that seem to be down.
 */
export function listenToKeys(onPalette: () => void): () => void {
  let unbind: () => void = () => undefined
  let isEnded = false

  function bindAll(): void {
    unbind()
    const { codes } = keyMap()
    const bound: { combo: string; listener: (event: KeyboardEvent) => void }[] = commandNames.map((name) => {
      const combo = codes[name]
      const listener = () => runCommand(name)
      sorensen.bind(combo, listener, { exclusive: false, global: (event) => isSingleKey(event, combo) })
      return { combo, listener }
    })
    for (const combo of ['Control+KeyK', 'Meta+KeyK']) {
      sorensen.bind(combo, openPalette, {
        exclusive: false,
        global: (event) => event.code === 'KeyK' && (event.ctrlKey || event.metaKey) && !hasDialog(),
      })
      bound.push({ combo, listener: openPalette })
    }
    unbind = () => {
      for (const { combo, listener } of bound) sorensen.unbind(combo, listener)
    }
  }

  function openPalette(event: KeyboardEvent): void {
    event.preventDefault()
    onPalette()
  }

  isReady ??= sorensen.init({ chordTimeout: 0 })
  void isReady.then(() => {
    if (!isEnded) bindAll()
  })
  const stopFollowing = onChange(bindAll)
  return () => {
    isEnded = true
    stopFollowing()
    unbind()
  }
}

/** The letter or sign on the key with the reader's keyboard layout, where the browser knows it. */
export function keyLabel(code: string): string {
  const parts = code.split('+')
  const key = parts.pop() ?? ''
  return [...parts, sorensen.getKeyForCode(key).toUpperCase()].join(' + ')
}

/** A single key works outside of text fields only, and not while a dialog is open or another modifier is down. */
function isSingleKey(event: KeyboardEvent, combo: string): boolean {
  const code = combo.replace('Shift+', '')
  if (!keyMap().isOn || event.code !== code || event.shiftKey !== (combo !== code)) return false
  if (event.ctrlKey || event.metaKey || event.altKey || hasDialog()) return false
  const { target } = event
  const isField = target instanceof Element && target.matches('input, textarea, select, [contenteditable]')
  if (isField) return false
  event.preventDefault()
  return true
}

function hasDialog(): boolean {
  return document.querySelector('[role="dialog"]') !== null
}
