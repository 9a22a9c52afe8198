/** Always in view at the bottom: where the rows stand, Verify and Save, and what came of it. */
import { Button, Spinner, Text } from '@fluentui/react-components';
import { CircleFilled } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/useFormat';
import { ProblemMessage } from '../../ui/ProblemMessage';
import type { Editing } from './editing';
import styles from './SaveBar.module.css';
import { SavedMessage } from './SavedMessage';
import type { Saving } from './useSaving';
import { VerifyMessage } from './VerifyMessage';

interface BarProps {
  state: Editing;
  isDirty: boolean;
  saving: Saving;
  onDiscard: () => void;
}

export function SaveBar(props: BarProps) {
  const { t } = useTranslation('mapping');
  const { state, isDirty, saving } = props;
  return (
    <section className={styles.bar} aria-label={t('bar.label')}>
      {saving.error !== null && <ProblemMessage error={saving.error} onRetry={saving.save} />}
      <VerifyMessage state={state} />
      {saving.saved?.version === state.saved.version && !isDirty && <SavedMessage mapping={saving.saved} />}
      <div className={styles.actions}>
        <State {...props} />
        {isDirty && (
          <Button onClick={props.onDiscard} disabled={saving.isSaving}>
            {t('bar.discard')}
          </Button>
        )}
        <Button
          appearance="primary"
          disabledFocusable={saving.isSaving}
          icon={saving.isSaving ? <Spinner size="tiny" /> : null}
          onClick={saving.save}
        >
          {t(saving.isSaving ? 'bar.saving' : 'bar.save')}
        </Button>
      </div>
    </section>
  );
}

function State({ state, isDirty }: BarProps) {
  const { t } = useTranslation('mapping');
  const format = useFormat();
  const { version, updatedBy, updatedAt } = state.saved;
  if (isDirty) {
    return (
      <Text className={styles.state} weight="semibold">
        <CircleFilled className={styles.dot} aria-hidden /> {t('bar.unsaved')}
      </Text>
    );
  }
  return (
    <Text className={styles.state}>
      {version === 0
        ? t('bar.isDefault')
        : t('bar.version', {
            version,
            user: updatedBy ?? t('history.somebody'),
            when: updatedAt ? format.dateTime(updatedAt) : '–',
          })}
    </Text>
  );
}
