/** Sentences of the API in the language of the portal, by their stable codes; where there is none, as the API said it. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

type Sentences = Readonly<Record<string, string>>;

// The API speaks English; a file of another language is loaded when something of it is shown first.
const files = import.meta.glob<{ default: Sentences }>('./sentences/*.json');
const loaded = new Map<string, Sentences>();

export function useSentences(): (code: string | null | undefined, said: string) => string {
  const { language } = useTranslation().i18n;
  const [, setReady] = useState(loaded.has(language));
  useEffect(() => {
    if (!loaded.has(language)) {
      void files[`./sentences/${language}.json`]?.()
        .then((file) => {
          loaded.set(language, file.default);
          setReady(true);
        })
        .catch(() => undefined);
    }
  }, [language]);
  return (code, said) => (code && loaded.get(language)?.[code]) || said;
}
