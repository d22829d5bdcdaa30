import { useMantineColorScheme } from '@mantine/core'
import { useState } from 'react'
import { kept } from './kept.ts'

export const looks = ['auto', 'light', 'dark', 'contrast'] as const
export type Look = (typeof looks)[number]

/** High contrast is the dark look with pure colours; Mantine keeps the others. */
if (kept.get('contrast') === 'more') markContrast(true)

export function useLook(): readonly [Look, (look: Look) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [hasContrast, setContrast] = useState(() => kept.get('contrast') === 'more')

  function choose(look: Look): void {
    const wanted = look === 'contrast'
    if (wanted) kept.set('contrast', 'more')
    else kept.remove('contrast')
    markContrast(wanted)
    setContrast(wanted)
    setColorScheme(wanted ? 'dark' : look)
  }
  return [hasContrast ? 'contrast' : colorScheme, choose]
}

function markContrast(isMore: boolean): void {
  document.documentElement.toggleAttribute('data-contrast', isMore)
}
