/** Disconnect, after a question: every stored sign-in of the tenant is destroyed. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
} from '@fluentui/react-components';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { useNotify } from '../../shell/Notifications';
import { ProblemMessage } from '../../ui/ProblemMessage';

export function Disconnect({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('connect');
  const notify = useNotify();
  const disconnect = useApi().$api.useMutation('delete', '/connection', {
    onSuccess: () => {
      notify(t('disconnect.done'));
      onDone();
    },
  });
  return (
    <>
      <Dialog modalType="alert">
        <DialogTrigger disableButtonEnhancement>
          <Button>{t('disconnect.button')}</Button>
        </DialogTrigger>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>{t('disconnect.title')}</DialogTitle>
            <DialogContent>{t('disconnect.detail')}</DialogContent>
            <DialogActions>
              <DialogTrigger disableButtonEnhancement>
                <Button>{t('disconnect.keep')}</Button>
              </DialogTrigger>
              <DialogTrigger disableButtonEnhancement>
                <Button appearance="primary" onClick={() => disconnect.mutate({})}>
                  {t('disconnect.button')}
                </Button>
              </DialogTrigger>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
      {disconnect.error != null && <ProblemMessage error={disconnect.error} />}
    </>
  );
}
