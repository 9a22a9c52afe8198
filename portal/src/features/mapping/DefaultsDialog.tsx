/** Brings the default mapping back, after asking. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { tagged } from '../../api/tagged';
import { useNotify } from '../../shell/Notifications';
import { ProblemMessage } from '../../ui/ProblemMessage';
import { useEditor } from './EditorContext';
import { mappingKey } from './useMapping';
import { AT_ONCE } from './useSaving';

export function DefaultsDialog(props: { etag: string; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation('mapping');
  const restoring = useDefaults(props.onClose);
  return (
    <Dialog open={props.isOpen} onOpenChange={(_, { open }) => !open && props.onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t('defaults.title')}</DialogTitle>
          <DialogContent>
            <p>{t('defaults.detail')}</p>
            {restoring.isError && <ProblemMessage error={restoring.error} />}
          </DialogContent>
          <DialogActions>
            <Button onClick={props.onClose}>{t('defaults.cancel')}</Button>
            <Button
              appearance="primary"
              disabledFocusable={restoring.isPending}
              onClick={() => restoring.mutate(props.etag)}
            >
              {t('defaults.confirm')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function useDefaults(onDone: () => void) {
  const { t } = useTranslation('mapping');
  const { client } = useApi();
  const { object, edit } = useEditor();
  const queries = useQueryClient();
  const notify = useNotify();
  return useMutation({
    ...AT_ONCE,
    mutationFn: async (etag: string) => {
      const path = { object };
      await client.DELETE('/mappings/{object}', { params: { path, header: { 'If-Match': etag } } });
      return tagged(await client.GET('/mappings/{object}', { params: { path } }));
    },
    onSuccess: (mapping) => {
      queries.setQueryData(mappingKey(object), mapping);
      void queries.invalidateQueries({ queryKey: ['get', '/mappings/{object}/versions'] });
      edit({ type: 'loaded', mapping });
      notify(t('defaults.done'));
      onDone();
    },
  });
}
