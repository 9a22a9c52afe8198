/** Save and Discard, always in sight; what is not saved is not left without a question. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useBeforeUnload, useBlocker } from 'react-router';
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
      <LeaveQuestion isChanged={props.isChanged} />
    </div>
  );
}

function LeaveQuestion({ isChanged }: { isChanged: boolean }) {
  const { t } = useTranslation('general');
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    return isChanged && currentLocation.pathname !== nextLocation.pathname;
  });
  useBeforeUnload((event) => {
    if (isChanged) {
      event.preventDefault();
    }
  });
  return (
    <Dialog
      open={blocker.state === 'blocked'}
      modalType="alert"
      onOpenChange={(_, { open }) => !open && blocker.reset?.()}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('leave.title')}</DialogTitle>
          <DialogContent>{t('leave.detail')}</DialogContent>
          <DialogActions>
            <Button appearance="primary" onClick={() => blocker.reset?.()}>
              {t('leave.stay')}
            </Button>
            <Button onClick={() => blocker.proceed?.()}>{t('leave.go')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
