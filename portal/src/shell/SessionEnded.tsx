/** Asks to sign in again when the session has ended; what was typed into the page stays. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession, useSessionState } from '../auth/SessionContext';

export function SessionEnded() {
  const { t } = useTranslation();
  const { ended } = useSessionState();
  const session = useSession();
  const queries = useQueryClient();
  const [hasFailed, setHasFailed] = useState(false);
  const signIn = async () => {
    const worked = await session.signInAgain();
    setHasFailed(!worked);
    if (worked) {
      await queries.invalidateQueries();
    }
  };
  return (
    <Dialog open={ended} modalType="alert">
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('ended.title')}</DialogTitle>
          <DialogContent>{t(hasFailed ? 'ended.failed' : 'ended.detail')}</DialogContent>
          <DialogActions>
            <Button onClick={() => void session.signOut()}>{t('signOut')}</Button>
            <Button appearance="primary" onClick={() => void signIn()}>
              {t('ended.signIn')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
