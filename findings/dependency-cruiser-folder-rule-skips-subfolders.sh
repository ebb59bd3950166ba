#!/usr/bin/env bash
# dependency-cruiser 17.4.3: a circular rule with scope "folder" misses a circle between two folders when one of the imports
# ends in a subfolder, and a circle between a folder and its own subfolder.
# Guess before the run: the rule misses circles only when the imports start in subfolders. That was wrong: these are reported.
# Seen: s/r -> e/y with e/z -> s/inf/w, and a/x -> a/b/y with a/b/z -> a/w, exit with 0; s/r -> e/y with e/z -> s/w exits with 2.
# What follows: compute two-way doors from the module graph (--output-type json) where whole rooms matter.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit dependency-cruiser@17.4.3
cat >rules.cjs <<'JS'
module.exports = {
  forbidden: [{ name: 'no-folder-circle', severity: 'error', scope: 'folder', from: {}, to: { circular: true } }],
}
JS
mkdir -p beside/s/inf beside/e nested/a/b flat/s flat/e
echo "import '../e/y.mjs'" | tee beside/s/r.mjs flat/s/r.mjs >/dev/null
echo "import '../s/inf/w.mjs'" >beside/e/z.mjs
echo "import '../s/w.mjs'" >flat/e/z.mjs
echo "import './b/y.mjs'" >nested/a/x.mjs
echo "import '../w.mjs'" >nested/a/b/z.mjs
for leaf in beside/e/y beside/s/inf/w flat/e/y flat/s/w nested/a/b/y nested/a/w; do echo 'export {}' >"$leaf.mjs"; done
npx depcruise --config rules.cjs beside >/dev/null
npx depcruise --config rules.cjs nested >/dev/null
if npx depcruise --config rules.cjs flat >flat.txt; then
  echo 'the flat circle was not reported' && exit 1
fi
grep -q no-folder-circle flat.txt
echo "as stated"
