/** The bar at the top: the vendor, and the menu of the person. */
import { Button, Hamburger, Subtitle2 } from '@fluentui/react-components';
import { PersonRegular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { usePerson } from '../auth/SessionContext';
import { AccountMenu } from './AccountMenu';
import styles from './Header.module.css';
import { useVendorName } from './VendorName';

export function Header(props: { onMenu?: (() => void) | undefined }) {
  const { t } = useTranslation();
  const { name } = usePerson();
  return (
    <header className={styles.header}>
      {props.onMenu && <Hamburger onClick={props.onMenu} aria-label={t('openMenu')} />}
      <Subtitle2 className={styles.vendor}>{useVendorName()}</Subtitle2>
      <AccountMenu
        trigger={
          <Button appearance="subtle" icon={<PersonRegular />} aria-label={t('personMenu', { name })}>
            <span className={styles.name}>{name}</span>
          </Button>
        }
      />
    </header>
  );
}
