/** Light or dark as the system says, or as the person chose here. */
import { FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORED = 'portal.theme';
const DARK = matchMedia('(prefers-color-scheme: dark)');
const ThemeContext = createContext<{ theme: Theme; choose: (theme: Theme) => void }>({
  theme: 'system',
  choose: () => undefined,
});

export function ThemeProvider(props: { children: ReactNode }) {
  const [theme, setTheme] = useState(storedTheme);
  const systemIsDark = useSyncExternalStore(onSystemChange, () => DARK.matches);
  const isDark = theme === 'system' ? systemIsDark : theme === 'dark';
  useEffect(() => {
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  }, [isDark]);
  const choose = (chosen: Theme) => {
    localStorage.setItem(STORED, chosen);
    setTheme(chosen);
  };
  return (
    <ThemeContext value={{ theme, choose }}>
      <FluentProvider theme={isDark ? webDarkTheme : webLightTheme}>
        <div className="portal">{props.children}</div>
      </FluentProvider>
    </ThemeContext>
  );
}

export function useTheme() {
  return useContext(ThemeContext);
}

function storedTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  return THEMES.find((theme) => theme === stored) ?? 'system';
}

function onSystemChange(listener: () => void): () => void {
  DARK.addEventListener('change', listener);
  return () => DARK.removeEventListener('change', listener);
}
