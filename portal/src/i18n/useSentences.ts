/** Sentences of the API in the language of the portal; where there is none, as the API said it. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Say } from './sayer';

// The API speaks English; what another language says is loaded when something of it is shown first.
const files = import.meta.glob<{ say: Say }>('./sentences/*.ts');
const loaded = new Map<string, Say>();

export function useSentences(): Say {
  const { language } = useTranslation().i18n;
  const [, setReady] = useState(loaded.has(language));
  useEffect(() => {
    if (!loaded.has(language)) {
      void files[`./sentences/${language}.ts`]?.()
        .then((file) => {
          loaded.set(language, file.say);
          setReady(true);
        })
        .catch(() => undefined);
    }
  }, [language]);
  return loaded.get(language) ?? ((_, said) => said);
}
