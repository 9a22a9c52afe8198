/** Says that the network is gone, for as long as it is. */
import { useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { loadNotice, Notice } from '../ui/Notice';
import styles from './OfflineBanner.module.css';

export function OfflineBanner() {
  const { t } = useTranslation();
  const isOnline = useSyncExternalStore(onNetworkChange, () => navigator.onLine);
  useEffect(() => void loadNotice(), []);
  if (isOnline) {
    return null;
  }
  return (
    <Notice intent="warning" title={t('offline.title')} className={styles.banner}>
      {t('offline.detail')}
    </Notice>
  );
}

function onNetworkChange(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
