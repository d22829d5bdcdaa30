#!/usr/bin/env bash
# zod 4.6.7: z.toJSONSchema of a schema with an `id` has no `type` and no `properties` at its top, only a `$ref` into `$defs`.
#
# A guess from memory: `.meta({ id })` gives the schema a name for references from other schemas, and the schema that is
# converted is still written out at the top. It is moved into its own `$defs`, also without recursion and without a second
# use. A tool that reads `properties` at the top (a form, an OpenAPI generator) finds nothing as soon as a name is added.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund zod@4.6.7
cat >run.mjs <<'JS'
import { z } from 'zod'

const shape = { text: z.string() }
const members = (schema) => Object.keys(z.toJSONSchema(schema)).filter((name) => name !== '$schema')
const seen = [members(z.object(shape)), members(z.object(shape).meta({ id: 'Line' }))]
console.log(`without an id: ${seen[0].join(', ')}; with one: ${seen[1].join(', ')}`)
if (seen[0].join() !== 'type,properties,required,additionalProperties' || seen[1].join() !== '$ref,$defs') process.exit(1)
JS
node run.mjs
