/** The navigation over the content of a narrow window. */
import { NavDrawer, NavDrawerBody } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import styles from './Navigation.module.css';
import { NavigationEntries, useSelected } from './NavigationEntries';

export function NavigationDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <NavDrawer
      aria-label={t('navigation.label')}
      role="dialog"
      type="overlay"
      open
      onOpenChange={(_, { open }) => !open && onClose()}
      selectedValue={useSelected()}
      tabbable
    >
      <NavDrawerBody className={styles.body}>
        <NavigationEntries onFollow={onClose} />
      </NavDrawerBody>
    </NavDrawer>
  );
}
