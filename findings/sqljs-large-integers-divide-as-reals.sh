#!/usr/bin/env bash
# sql.js 1.16.0: a whole number that does not fit 32 bits is bound as REAL, so integer division of a bound value depends on
# its size. Guess before the run: JavaScript's whole numbers are INTEGER up to 2^53, as SQLite's integers have 64 bits.
# Seen: typeof(?) of 2147483647 is integer, of 2147483648 real; 2147483647 / 2 is 1073741823, 2147483649 / 2 is 1073741824.5.
# What follows: CAST(? AS INTEGER) where a sum of large numbers has to stay an integer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit sql.js@1.16.0
cat >run.mjs <<'JS'
import initSqlJs from 'sql.js'
const { Database } = await initSqlJs()
const db = new Database()
const ask = (value) => db.exec('SELECT typeof(?1), ?1 / 2', [value])[0].values[0].join(' ')
console.log(ask(2147483647))
console.log(ask(2147483648))
console.log(ask(2147483649))
JS
diff <(node run.mjs) - <<'SEEN'
integer 1073741823
real 1073741824
real 1073741824.5
SEEN
echo "as stated"
