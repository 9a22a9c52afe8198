/** The way to every screen: beside the content where there is room, else over it, loaded when it is first opened. */
import { Nav } from '@fluentui/react-components';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './Navigation.module.css';
import { NavigationEntries, useSelected } from './NavigationEntries';

const NavigationDrawer = lazy(async () => ({
  default: (await import('./NavigationDrawer')).NavigationDrawer,
}));

interface NavigationProps {
  isBeside: boolean;
  isOpen: boolean;
  onClose: () => void;
}

export function Navigation(props: NavigationProps) {
  const { t } = useTranslation();
  const selected = useSelected();
  if (props.isBeside) {
    return (
      <Nav
        role="navigation"
        aria-label={t('navigation.label')}
        className={styles.beside}
        selectedValue={selected}
      >
        <NavigationEntries />
      </Nav>
    );
  }
  return (
    props.isOpen && (
      <Suspense>
        <NavigationDrawer onClose={props.onClose} />
      </Suspense>
    )
  );
}
