import { embargoAhead } from '../platform/embargo-ahead.ts'
import type { MessageId } from '../platform/languages.ts'
import { serverClock } from '../platform/server-clock.ts'
import type { Draft } from './draft.ts'
import type { ComposedLine, Then } from './wish.ts'

/** The words of the button that carries out the wish. */
export function labelOf({ note, releaseAt }: Draft, then: Then, line: ComposedLine | undefined): MessageId {
  switch (then) {
    case 'keep':
      return line ? 'composer.save' : 'composer.keep'
    case 'submit':
      return 'composer.submit'
    case 'release':
      return (releaseAt ?? (line && embargoAhead(line, serverClock.now())))
        ? 'composer.schedule'
        : 'composer.release'
    case 'correct':
      return note.trim() === '' ? 'composer.refile' : 'composer.correct'
    default:
      return then satisfies never
  }
}
