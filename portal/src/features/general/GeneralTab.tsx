/** Manage → General: what may be exported, as whom, and what happens with matches. */
import { useTranslation } from 'react-i18next';
import { useTagged } from '../../api/tagged';
import { Loaded } from '../../ui/Loaded';
import { LinesSkeleton } from '../../ui/skeletons';
import { GeneralForm } from './GeneralForm';

const KEY = ['preferences'] as const;

export function GeneralTab() {
  const { t } = useTranslation('general');
  const preferences = useTagged(KEY, (api) => api.GET('/preferences'));
  return (
    <section aria-label={t('general')}>
      <Loaded query={preferences} skeleton={<LinesSkeleton lines={14} />}>
        {(stored) => (
          <GeneralForm
            stored={stored}
            queryKey={KEY}
            reload={async () => (await preferences.refetch()).data ?? stored}
          />
        )}
      </Loaded>
    </section>
  );
}
