/** Brings the rows of a version back, as a new version. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/ApiContext';
import { tagged } from '../../api/tagged';
import { useNotify } from '../../shell/Notifications';
import { useEditor } from './EditorContext';
import { mappingKey } from './useMapping';
import { AT_ONCE } from './useSaving';

export function useRestoring(onDone: () => void) {
  const { t } = useTranslation('mapping');
  const { client } = useApi();
  const { object, edit } = useEditor();
  const queries = useQueryClient();
  const notify = useNotify();
  return useMutation({
    ...AT_ONCE,
    mutationFn: async ({ from, etag }: { from: number; etag: string }) => {
      const params = { path: { object, version: from }, header: { 'If-Match': etag } };
      return tagged(await client.POST('/mappings/{object}/versions/{version}/restore', { params }));
    },
    onSuccess: (mapping, { from }) => {
      queries.setQueryData(mappingKey(object), mapping);
      void queries.invalidateQueries({ queryKey: ['get', '/mappings/{object}/versions'] });
      edit({ type: 'loaded', mapping });
      notify(t('history.restored', { from, version: mapping.value.version }));
      onDone();
    },
  });
}
