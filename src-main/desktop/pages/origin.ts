/** Whom the main process trusts: the product's own pages, or in development the dev server's. */

export const scheme = 'app'
export const host = 'monitor'
const startUrl = `${scheme}://${host}/index.html`

export interface TrustedPages {
  /** Origin of the only pages that may be shown and may send messages. */
  readonly origin: string
  readonly startUrl: string
  /** True when the pages come from the dev server. */
  readonly development: boolean
}

/** `devServer` is ELECTRON_RENDERER_URL; a packaged program has no such thing, whatever its environment says. */
export function trustedPages(devServer: string | undefined, packaged: boolean): TrustedPages {
  if (
    !packaged &&
    devServer !== undefined &&
    /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(devServer)
  ) {
    return { origin: new URL(devServer).origin, startUrl: devServer, development: true }
  }
  return { origin: `${scheme}://${host}`, startUrl, development: false }
}

/** The origin of a URL. Node knows none for a scheme of one's own (`'null'`), Chromium does. */
export function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null
  const parsed = new URL(url)
  if (parsed.protocol !== `${scheme}:`) return parsed.origin
  return `${parsed.protocol}//${parsed.host}`
}
