/** Texts from files, `texts/<language>.json` in each folder: a namespace is the folder's name, loaded when first used. */
import i18next, { type BackendModule, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED = 'portal.language';
const files = import.meta.glob<{ default: Record<string, unknown> }>('../**/texts/*.json');
const loaders = new Map(
  Object.entries(files).map(([path, load]) => {
    const [language, , namespace] = path.replace('.json', '').split('/').reverse();
    return [`${language}/${namespace}`, load];
  }),
);

const fromFiles: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: async (language, namespace) => {
    const load = loaders.get(`${language}/${namespace}`);
    if (!load) {
      throw new Error(`There is no ${namespace}/texts/${language}.json.`);
    }
    return (await load()).default;
  },
};

/** Begins with the language that was chosen before, or the first of the browser's that there is. */
export async function startTexts(): Promise<i18n> {
  await i18next
    .use(fromFiles)
    .use(initReactI18next)
    .init({
      lng: chosenLanguage(),
      supportedLngs: LANGUAGES,
      fallbackLng: false,
      ns: ['ui', 'shell'],
      defaultNS: 'shell',
      interpolation: { escapeValue: false },
    });
  showLanguage(i18next.language);
  i18next.on('languageChanged', showLanguage);
  return i18next;
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  await i18next.changeLanguage(language);
}

function chosenLanguage(): Language {
  const wanted = [localStorage.getItem(STORED) ?? '', ...navigator.languages];
  const known = wanted.map((tag) => LANGUAGES.find((language) => tag.toLowerCase().startsWith(language)));
  return known.find((language) => language !== undefined) ?? 'en';
}

function showLanguage(language: string): void {
  document.documentElement.lang = language;
}
