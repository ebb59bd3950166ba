#!/usr/bin/env bash
# unbzip2-stream 1.4.3: it is a "through" stream of the first kind, and stream/promises cannot consume it.
# Guess before the run: pipeline(source, unbzip2(), sink) works, as the package's description names Node streams.
# Seen on Node 20: for await over Readable.from(file).pipe(unbzip2()) fails, as the stream has no async iterator; its "data"
# events bring the whole text.
# What follows: read its "data" events, and bound the memory oneself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit unbzip2-stream@1.4.3
cat >run.mjs <<'JS'
import { Readable } from 'node:stream'
import unbzip2 from 'unbzip2-stream'
const packed = Buffer.from('QlpoOTFBWSZTWWWNubwAAARRgAAQQAQixISgIAAxA0DQKYAeoNlGF3p4VOF3JFOFCQZY25vA', 'base64')
const open = () => Readable.from([packed]).pipe(unbzip2())
const iterated = await (async () => {
  let text = ''
  for await (const chunk of open()) text += chunk
  return text
})().catch((error) => error.constructor.name)
const listened = await new Promise((resolve, reject) => {
  let text = ''
  open().on('data', (chunk) => (text += chunk)).on('end', () => resolve(text)).on('error', reject)
})
console.log(iterated, '|', listened.trim())
JS
diff <(node run.mjs) - <<'SEEN'
TypeError | hello, gateway
SEEN
echo "as stated"
