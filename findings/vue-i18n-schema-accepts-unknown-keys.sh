#!/usr/bin/env bash
# vue-i18n 11.4.2: a global message schema (DefineLocaleMessage) completes the keys of t(), and does not check them.
# Guess before the run: with the schema declared, t('no.such.key') does not compile.
# Seen: TypeScript 6.0.3 in strict mode accepts it, as t() takes any string besides the known keys.
# What follows: only a wrapper of one's own, with the keys as a union, makes a wrong key an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit vue@3.5.45 vue-i18n@11.4.2 typescript@6.0.3
cat >page.ts <<'TS'
import { useI18n } from 'vue-i18n'
declare module 'vue-i18n' {
  export interface DefineLocaleMessage {
    page: { title: string }
  }
}
const { t } = useI18n()
export const known = t('page.title')
export const unknown = t('no.such.key')
TS
npx tsc --noEmit --strict --skipLibCheck --module esnext --moduleResolution bundler --target es2022 page.ts
# The compiler does see the declaration: a value of another shape is refused.
cat >shape.ts <<'TS'
import type { DefineLocaleMessage } from 'vue-i18n'
import './page'
export const wrong: DefineLocaleMessage = { page: { title: 1 } }
TS
if npx tsc --noEmit --strict --skipLibCheck --module esnext --moduleResolution bundler --target es2022 shape.ts >/dev/null; then
  echo 'the schema was not seen' && exit 1
fi
echo "as stated"
