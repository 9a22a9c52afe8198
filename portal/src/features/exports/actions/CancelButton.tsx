/** Ends an export early, after a question: what was not written by then stays unwritten. */
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
import { DismissRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../api/ApiContext';
import { ProblemMessage } from '../../../ui/ProblemMessage';
import { type Export, useKeepExport } from '../useExport';

export function CancelButton({ found }: { found: Export }) {
  const { t } = useTranslation('exports');
  const keep = useKeepExport();
  const [isOpen, setOpen] = useState(false);
  const cancel = useApi().$api.useMutation('post', '/exports/{id}/cancel', {
    onSuccess: (ended) => {
      keep(ended);
      setOpen(false);
    },
  });
  return (
    <Dialog open={isOpen} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button icon={<DismissRegular />}>{t('action.cancel')}</Button>
      </DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('cancel.title')}</DialogTitle>
          <DialogContent>
            {t('cancel.detail')}
            {cancel.error && <ProblemMessage error={cancel.error} />}
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{t('cancel.stay')}</Button>
            </DialogTrigger>
            <Button
              appearance="primary"
              disabledFocusable={cancel.isPending}
              onClick={() => cancel.mutate({ params: { path: { id: found.id } } })}
            >
              {t('cancel.confirm')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
