import { FormattedList, FormattedMessage } from 'react-intl'
import type { Presence } from '../../../src/protocol/presence.ts'
import type { Colleagues } from './use-presence.ts'

export interface ColleagueNotesProps {
  readonly id: string
  readonly colleagues: Colleagues
  /** The line is open here too. */
  readonly isSelected: boolean
  readonly version: number | undefined
}

const doings = ['deciding', 'editing', 'reading'] as const

/** The colleagues who have the line open, and those who have seen it. Nobody is locked out. */
export function ColleagueNotes({ id, colleagues, isSelected, version }: ColleagueNotesProps) {
  const here = colleagues.present.filter(({ headline }) => headline === id)
  const present = new Set(here.map(({ person }) => person))
  const seen = isSelected ? colleagues.seen.filter(({ person }) => !present.has(person)) : []
  if (here.length === 0 && seen.length === 0) return null
  /** A person with two pages counts once, by the work that concerns the others most. */
  const isDoing = (wanted: Presence['doing']) => (each: Presence) =>
    each.doing === wanted && foremost(here, each.person) === wanted
  return (
    <div className="colleagues" role={isSelected ? 'status' : undefined}>
      {doings.map((doing) => {
        const names = [...new Set(here.filter(isDoing(doing)).map(({ name }) => name))]
        if (names.length === 0) return null
        const values = { count: names.length, names: <FormattedList value={names} /> }
        return (
          <p key={doing} data-doing={doing}>
            <FormattedMessage id={`presence.${doing}`} values={values} />
          </p>
        )
      })}
      {seen.length > 0 && (
        <p>
          <FormattedMessage
            id="presence.seen"
            values={{
              names: (
                <FormattedList
                  value={seen.map(({ person, name, version: its }) => (
                    <span key={person}>
                      <bdi>{name}</bdi>
                      {version !== undefined && its < version && (
                        <>
                          {' '}
                          <FormattedMessage id="presence.older" />
                        </>
                      )}
                    </span>
                  ))}
                />
              ),
            }}
          />
        </p>
      )}
    </div>
  )
}

function foremost(here: readonly Presence[], person: string): Presence['doing'] | undefined {
  return doings.find((doing) => here.some((each) => each.person === person && each.doing === doing))
}
