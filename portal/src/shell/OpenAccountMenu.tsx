/** Who is signed in, language, theme, and the way out. */
import {
  type ButtonProps,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  type MenuProps,
  MenuTrigger,
  Text,
} from '@fluentui/react-components';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../auth/person';
import { useSession, useSessionState } from '../auth/SessionContext';
import { chooseLanguage, LANGUAGES } from '../i18n/texts';
import { THEMES, useTheme } from '../theme/ThemeContext';
import styles from './OpenAccountMenu.module.css';

const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch' };

export function OpenAccountMenu({ trigger }: { trigger: ReactElement<ButtonProps> }) {
  const { t } = useTranslation();
  const session = useSession();
  const { person } = useSessionState();
  return (
    <Menu defaultOpen persistOnItemClick {...useAppearance()}>
      <MenuTrigger disableButtonEnhancement>{trigger}</MenuTrigger>
      <MenuPopover>
        {person && <PersonCard person={person} />}
        <MenuList>
          <LanguageItems />
          <ThemeItems />
          {person && (
            <>
              <MenuDivider />
              <MenuItem onClick={() => void session.signOut()}>{t('signOut')}</MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function PersonCard({ person }: { person: Person }) {
  const { t } = useTranslation();
  return (
    <div className={styles.person}>
      <Text weight="semibold">{person.name}</Text>
      <Text size={200} className={styles.soft}>
        {person.email}
      </Text>
      <Text size={200} className={styles.soft}>
        {t(person.isAdmin ? 'adminOf' : 'userOf', { tenant: person.tenant })}
      </Text>
    </div>
  );
}

function LanguageItems() {
  const { t } = useTranslation();
  return (
    <MenuGroup>
      <MenuGroupHeader>{t('language')}</MenuGroupHeader>
      {LANGUAGES.map((language) => (
        <MenuItemRadio key={language} name="language" value={language} lang={language}>
          {LANGUAGE_NAMES[language]}
        </MenuItemRadio>
      ))}
    </MenuGroup>
  );
}

function ThemeItems() {
  const { t } = useTranslation();
  return (
    <MenuGroup>
      <MenuGroupHeader>{t('theme.label')}</MenuGroupHeader>
      {THEMES.map((theme) => (
        <MenuItemRadio key={theme} name="theme" value={theme}>
          {t(`theme.${theme}`)}
        </MenuItemRadio>
      ))}
    </MenuGroup>
  );
}

function useAppearance(): Pick<MenuProps, 'checkedValues' | 'onCheckedValueChange'> {
  const { i18n } = useTranslation();
  const { theme, choose } = useTheme();
  return {
    checkedValues: { language: [i18n.language], theme: [theme] },
    onCheckedValueChange: (_, { name, checkedItems }) => {
      const language = LANGUAGES.find((each) => name === 'language' && checkedItems.includes(each));
      const chosen = THEMES.find((each) => name === 'theme' && checkedItems.includes(each));
      if (language) {
        void chooseLanguage(language);
      }
      if (chosen) {
        choose(chosen);
      }
    },
  };
}
