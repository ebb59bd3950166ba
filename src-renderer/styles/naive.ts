import type { GlobalThemeOverrides } from 'naive-ui'
import type { ReadToken } from '../composables/useTheme'

/** Naive UI's theme, filled from the design tokens (it computes with colours, so it cannot take var()). */
export function naiveTheme(read: ReadToken): GlobalThemeOverrides {
  // Before the style sheet is there, and in tests, a token is empty: Naive UI then keeps its own value.
  const token = (name: string): string | undefined => read(name) || undefined
  const filled = (values: Record<string, string | undefined>): Record<string, string> =>
    Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined))

  return {
    common: filled({
      fontFamily: token('--font'),
      fontFamilyMono: token('--font-mono'),
      fontSize: token('--size-body'),
      fontSizeSmall: token('--size-small'),
      fontSizeMedium: token('--size-body'),
      fontSizeLarge: token('--size-read'),
      borderRadius: token('--radius-2'),
      borderRadiusSmall: token('--radius-1'),
      primaryColor: token('--accent'),
      primaryColorHover: token('--accent-hover'),
      primaryColorPressed: token('--accent-hover'),
      primaryColorSuppl: token('--accent'),
      errorColor: token('--danger'),
      errorColorHover: token('--danger'),
      errorColorPressed: token('--danger'),
      errorColorSuppl: token('--danger'),
      warningColor: token('--warning'),
      infoColor: token('--info'),
      bodyColor: token('--canvas'),
      cardColor: token('--surface'),
      modalColor: token('--raised'),
      popoverColor: token('--raised'),
      tableColor: token('--surface'),
      inputColor: token('--surface'),
      hoverColor: token('--hover'),
      borderColor: token('--line-strong'),
      dividerColor: token('--line'),
      textColorBase: token('--text'),
      textColor1: token('--text'),
      textColor2: token('--text'),
      textColor3: token('--text-3'),
      placeholderColor: token('--text-3'),
      baseColor: token('--on-accent'),
    }),
    Tooltip: filled({
      color: token('--raised'),
      textColor: token('--text'),
      padding: '8px 12px',
      boxShadow: token('--shadow-2'),
    }),
    Popover: filled({ boxShadow: token('--shadow-2'), color: token('--raised') }),
    Dialog: filled({ borderRadius: token('--radius-3') }),
  }
}
