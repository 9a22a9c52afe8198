/** As high as the rows that come, so that nothing moves. */
import { Skeleton, SkeletonItem } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import styles from './MappingSkeleton.module.css';

const ROWS = Array.from({ length: 12 }, (_, row) => `row-${row}`);

export function MappingSkeleton() {
  const { t } = useTranslation('ui');
  return (
    <Skeleton aria-label={t('loading')} className={styles.rows}>
      <SkeletonItem size={32} className={styles.tools} />
      {ROWS.map((row) => (
        <div key={row} className={styles.row}>
          <SkeletonItem size={32} />
          <SkeletonItem size={32} />
          <SkeletonItem size={32} />
        </div>
      ))}
    </Skeleton>
  );
}
