import { createTheme, Modal, type CSSVariablesResolver } from '@mantine/core'

/** Shade 9 of each colour has enough contrast for white text (WCAG 1.4.3). */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 9, dark: 9 },
  fontFamily: 'system-ui, "Segoe UI", "Noto Sans", "Noto Sans Arabic", sans-serif',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  components: {
    // Mantine's <header> in a dialog counts as a banner of the page; two dialogs would make two.
    Modal: Modal.extend({ defaultProps: { attributes: { header: { role: 'presentation' } } } }),
  },
})

/** Mantine's own greys and reds for small texts are too pale for WCAG 1.4.3. */
export const colorVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#495057', '--mantine-color-error': '#b02525' },
  dark: { '--mantine-color-dimmed': '#b6bcc2', '--mantine-color-error': '#ff9c9c' },
})
