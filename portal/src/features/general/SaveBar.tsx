/** Save and Discard, always in sight; what is not saved is not left without a question. */
import { Button, Spinner } from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { LeaveGuard } from '../../ui/LeaveGuard';
import styles from './GeneralForm.module.css';

interface SaveBarProps {
  canSave: boolean;
  isSaving: boolean;
  isChanged: boolean;
  onDiscard: () => void;
}

export function SaveBar(props: SaveBarProps) {
  const { t } = useTranslation('general');
  return (
    <div className={styles.bar}>
      <Button
        type="submit"
        appearance="primary"
        disabledFocusable={!props.canSave || props.isSaving}
        icon={props.isSaving ? <Spinner size="tiny" /> : undefined}
      >
        {t('save')}
      </Button>
      <Button onClick={props.onDiscard} disabledFocusable={!props.isChanged}>
        {t('discard')}
      </Button>
      <LeaveGuard isDirty={props.isChanged} detail={t('leave.detail')} leave={t('leave.go')} />
    </div>
  );
}
