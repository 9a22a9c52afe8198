/** The frame around every screen: skip link, header, navigation, and the main region that gets the focus. */
import { Link, ProgressBar } from '@fluentui/react-components';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, ScrollRestoration, useLocation, useNavigation, useNavigationType } from 'react-router';
import { LinesSkeleton } from '../ui/skeletons';
import { Header } from './Header';
import { Navigation } from './Navigation';
import { OfflineBanner } from './OfflineBanner';
import { SessionEnded } from './SessionEnded';
import styles from './Shell.module.css';
import { useIsWide } from './useIsWide';

export function Shell() {
  const { t } = useTranslation();
  const isWide = useIsWide();
  const [menuIsOpen, setMenuIsOpen] = useState(false);
  const isLoading = useNavigation().state === 'loading';
  const main = useFocusOnNavigation();
  return (
    <>
      <Link className={styles.skip} href="#main">
        {t('skip')}
      </Link>
      {isLoading && <ProgressBar className={styles.progress} aria-label={t('loadingPage')} />}
      <Header onMenu={isWide ? undefined : () => setMenuIsOpen(true)} />
      <div className={styles.body}>
        <Navigation isBeside={isWide} isOpen={menuIsOpen} onClose={() => setMenuIsOpen(false)} />
        <main id="main" ref={main} tabIndex={-1} className={styles.main}>
          <OfflineBanner />
          <Suspense fallback={<LinesSkeleton />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <SessionEnded />
      <ScrollRestoration />
    </>
  );
}

/** Moves the focus to the main region when another screen is shown, so that it is read from its heading on. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const type = useNavigationType();
  const shown = useRef(pathname);
  useEffect(() => {
    // A redirect is no step of the person's, who may be in the menu already.
    if (shown.current !== pathname && type !== 'REPLACE') {
      main.current?.focus({ preventScroll: true });
    }
    shown.current = pathname;
  }, [pathname, type]);
  return main;
}
