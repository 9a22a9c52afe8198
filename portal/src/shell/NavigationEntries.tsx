/** The entries of the navigation, for the person who is signed in. */
import { NavItem, NavSectionHeader } from '@fluentui/react-components';
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

export function NavigationEntries({ onFollow }: { onFollow?: () => void }) {
  const { t } = useTranslation();
  const { isAdmin } = usePerson();
  return (
    <>
      {isAdmin && (
        <>
          <NavSectionHeader>{t('navigation.admin')}</NavSectionHeader>
          <Item to="/integrations" icon={<PlugConnectedRegular />} onFollow={onFollow}>
            {t('navigation.integrations')}
          </Item>
          <Item to="/activity" icon={<PulseRegular />} onFollow={onFollow}>
            {t('navigation.activity')}
          </Item>
        </>
      )}
      <NavSectionHeader>{t('navigation.export')}</NavSectionHeader>
      <Item to="/export" icon={<ArrowExportLtrRegular />} onFollow={onFollow}>
        {t('navigation.newExport')}
      </Item>
      <Item to="/exports" icon={<HistoryRegular />} onFollow={onFollow}>
        {t('navigation.history')}
      </Item>
      <NavSectionHeader>{t('navigation.settings')}</NavSectionHeader>
      <Item to="/settings/integrations" icon={<SettingsRegular />} onFollow={onFollow}>
        {t('navigation.ownIntegrations')}
      </Item>
    </>
  );
}

function Item(props: { to: string; icon: ReactElement; onFollow?: () => void; children: string }) {
  const href = useHref(props.to);
  const follow = useLinkClickHandler<HTMLAnchorElement>(props.to);
  return (
    <NavItem
      href={href}
      value={props.to}
      icon={props.icon}
      onClick={(event) => {
        follow(event as unknown as MouseEvent<HTMLAnchorElement>);
        props.onFollow?.();
      }}
    >
      {props.children}
    </NavItem>
  );
}

/** The entry to which the shown screen belongs. */
export function useSelected(): string {
  const { pathname } = useLocation();
  return pathname.startsWith('/integrations')
    ? '/integrations'
    : pathname.startsWith('/exports')
      ? '/exports'
      : pathname;
}
