/** The conditions of a search as the form has them; an empty text is no condition. */
export interface Filter {
  readonly q: string
  readonly status: string
  readonly author: string
  readonly section: string
  readonly story: string
  /** Local times, as `<input type="datetime-local">` gives them. */
  readonly since: string
  readonly until: string
}

export const noFilter: Filter = {
  q: '',
  status: '',
  author: '',
  section: '',
  story: '',
  since: '',
  until: '',
}

/** The conditions as the API takes them, in the time zone of the computer. */
export function queryOf({ since, until, ...texts }: Filter): URLSearchParams {
  const given = Object.entries(texts)
    .map(([name, text]) => [name, text.trim()] as const)
    .filter(([, text]) => text !== '')
  const times = Object.entries({ since, until }).filter(([, text]) => text !== '')
  return new URLSearchParams([
    ...given.map(([name, text]) => [name, text]),
    ...times.map(([name, text]) => [name, new Date(text).toISOString()]),
  ])
}
