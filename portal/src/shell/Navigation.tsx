/** The way to every screen: beside the content where there is room, else over it. */
import { NavDrawer, NavDrawerBody, NavItem, NavSectionHeader } from '@fluentui/react-components';
import {
  ArrowExportLtrRegular,
  HistoryRegular,
  PlugConnectedRegular,
  PulseRegular,
  SettingsRegular,
} from '@fluentui/react-icons';
import type { MouseEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useHref, useLinkClickHandler, useLocation } from 'react-router';
import { usePerson } from '../auth/SessionContext';
import styles from './Navigation.module.css';

interface NavigationProps {
  type: 'inline' | 'overlay';
  isOpen: boolean;
  onClose: () => void;
}

export function Navigation(props: NavigationProps) {
  const { t } = useTranslation();
  const { isAdmin } = usePerson();
  const selected = useSelected();
  return (
    <NavDrawer
      aria-label={t('navigation.label')}
      role={props.type === 'overlay' ? 'dialog' : 'navigation'}
      className={styles.drawer}
      type={props.type}
      open={props.isOpen}
      onOpenChange={(_, { open }) => !open && props.onClose()}
      selectedValue={selected}
      tabbable
    >
      <NavDrawerBody className={styles.body}>
        {isAdmin && (
          <>
            <NavSectionHeader>{t('navigation.admin')}</NavSectionHeader>
            <Item to="/integrations" icon={<PlugConnectedRegular />} onClick={props.onClose}>
              {t('navigation.integrations')}
            </Item>
            <Item to="/activity" icon={<PulseRegular />} onClick={props.onClose}>
              {t('navigation.activity')}
            </Item>
          </>
        )}
        <NavSectionHeader>{t('navigation.export')}</NavSectionHeader>
        <Item to="/export" icon={<ArrowExportLtrRegular />} onClick={props.onClose}>
          {t('navigation.newExport')}
        </Item>
        <Item to="/exports" icon={<HistoryRegular />} onClick={props.onClose}>
          {t('navigation.history')}
        </Item>
        <NavSectionHeader>{t('navigation.settings')}</NavSectionHeader>
        <Item to="/settings/integrations" icon={<SettingsRegular />} onClick={props.onClose}>
          {t('navigation.ownIntegrations')}
        </Item>
      </NavDrawerBody>
    </NavDrawer>
  );
}

function Item(props: { to: string; icon: ReactElement; onClick: () => void; children: string }) {
  const href = useHref(props.to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(props.to);
  return (
    <NavItem
      href={href}
      value={props.to}
      icon={props.icon}
      onClick={(event) => {
        follow(event as unknown as MouseEvent<HTMLAnchorElement>);
        props.onClick();
      }}
    >
      {props.children}
    </NavItem>
  );
}

/** The entry to which the shown screen belongs. */
function useSelected(): string {
  const { pathname } = useLocation();
  return pathname.startsWith('/integrations')
    ? '/integrations'
    : pathname.startsWith('/exports')
      ? '/exports'
      : pathname;
}
