import { useQuery } from '@tanstack/react-query'
import type { ApiClient } from '../platform/api-client.ts'
import { wordsOf, type Content, type Words } from './words.ts'

/** Words to begin a line with. */
export interface Template extends Content {
  readonly id: string
  readonly version: number
  readonly name: string
}

export function useTemplates(api: ApiClient, feed: string): readonly Template[] {
  const { data } = useQuery({
    queryKey: ['templates', feed],
    queryFn: async () =>
      (await api.read<{ templates: readonly Template[] }>(`/v1/feeds/${feed}/templates`)).templates,
    staleTime: Infinity,
  })
  return data ?? []
}

export function wordsOfTemplate({ id: _id, version: _version, name: _name, ...content }: Template): Words {
  return wordsOf(content)
}

const PLACE = /\{[^{}]*\}/u

/** The first place of a template that is not filled: its words in braces, from the start to the end. */
export function openPlaceIn(text: string): { readonly start: number; readonly end: number } | undefined {
  const found = PLACE.exec(text)
  return found ? { start: found.index, end: found.index + found[0].length } : undefined
}
