/** Grey shapes that keep the place of what is being loaded. */
import { Skeleton, SkeletonItem } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import styles from './skeletons.module.css';

export function LinesSkeleton({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation('ui');
  return (
    <Skeleton aria-label={t('loading')}>
      <div className={styles.lines}>
        {Array.from({ length: lines }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines without content have nothing else
          <SkeletonItem key={line} size={20} />
        ))}
      </div>
    </Skeleton>
  );
}

/** Needs no texts: it is shown before they are there. */
export function StartSkeleton() {
  return (
    <Skeleton aria-label="…" className={styles.page}>
      <div className={styles.lines}>
        <SkeletonItem size={32} />
        <SkeletonItem size={96} />
      </div>
    </Skeleton>
  );
}
