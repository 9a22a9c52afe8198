/** The way through a list that comes page by page: the API tells the next page only, the way back is kept here. */
import { Button } from '@fluentui/react-components';
import { ChevronLeftRegular, ChevronRightRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Pages.module.css';

export interface PageTurning {
  /** Of the page to show; null for the first. */
  token: string | null;
  number: number;
  forward: (next: string) => void;
  back: () => void;
  /** To the first page, of another list. */
  restart: () => void;
}

export function usePages(): PageTurning {
  const [tokens, setTokens] = useState<(string | null)[]>([null]);
  return {
    token: tokens.at(-1) ?? null,
    number: tokens.length,
    forward: (next) => setTokens([...tokens, next]),
    back: () => setTokens(tokens.slice(0, -1)),
    restart: () => setTokens([null]),
  };
}

interface PagesProps {
  pages: PageTurning;
  next: string | null | undefined;
  isLoading: boolean;
}

/** Nothing where there is one page only. */
export function Pages({ pages, next, isLoading }: PagesProps) {
  const { t } = useTranslation('ui');
  if (pages.number === 1 && !next) {
    return null;
  }
  return (
    <nav className={styles.pages} aria-label={t('pages.label')}>
      <Button icon={<ChevronLeftRegular />} disabledFocusable={pages.number === 1} onClick={pages.back}>
        {t('pages.previous')}
      </Button>
      <span>{t('pages.page', { page: pages.number })}</span>
      <Button
        icon={<ChevronRightRegular />}
        iconPosition="after"
        disabledFocusable={!next || isLoading}
        onClick={() => next && pages.forward(next)}
      >
        {t('pages.next')}
      </Button>
    </nav>
  );
}
