import type { Session } from '../platform/api-client.ts'
import { ColleagueNotes } from './colleague-notes.tsx'
import { useColleaguesOn } from './use-presence.ts'

export interface LineColleaguesProps {
  readonly session: Session
  readonly feed: string
  readonly id: string
}

/** The colleagues who have this line open, write for it or are about to send it; where its words are written and sent. */
export function LineColleagues({ session, feed, id }: LineColleaguesProps) {
  const present = useColleaguesOn(session, feed, id)
  return <ColleagueNotes id={id} colleagues={{ present, seen: [] }} isSelected={false} version={undefined} />
}
