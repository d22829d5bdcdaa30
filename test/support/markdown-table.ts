/** One row of a table by its column names in lower case. Backticks and spaces around cells are removed. */
export type Row = Readonly<Record<string, string>>

/** The first table below a heading ("### Close codes") and before the next heading. Errors: when there is none. */
export function tableUnder(markdown: string, heading: string): Row[] {
  const lines = markdown.split('\n')
  const start = lines.findIndex((line) => line.trim() === heading)
  if (start < 0) throw new Error(`there is no heading "${heading}"`)
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => /^#{1,6} /.test(line))
  const section = end < 0 ? rest : rest.slice(0, end)
  const first = section.findIndex((line) => line.startsWith('|'))
  const [head, rule, ...rows] = section.slice(Math.max(0, first)).filter((line, index, all) => {
    return all.slice(0, index + 1).every((each) => each.startsWith('|'))
  })
  if (head === undefined || !/^\|[-:| ]+\|$/.test(rule ?? '')) throw new Error(`no table under "${heading}"`)
  const columns = cells(head).map((name) => name.toLowerCase())
  return rows.map((row) => {
    const values = cells(row)
    if (values.length !== columns.length) throw new Error(`${heading}: ${row} has a wrong number of cells`)
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']))
  })
}

/** Splits a row into cells. `\|` is a bar inside a cell. */
function cells(row: string): string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').replaceAll('`', '').trim())
}
