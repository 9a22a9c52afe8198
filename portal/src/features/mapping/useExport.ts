/** Saves the mapping in force as a file on the person's disk. */
import { useMutation } from '@tanstack/react-query';
import { useApi } from '../../api/ApiContext';
import { useNotify } from '../../shell/Notifications';
import type { ObjectType } from './row';
import { AT_ONCE } from './useSaving';

type Format = 'json' | 'csv';
const TYPES = { json: 'application/json', csv: 'text/csv' };

export function useExport(object: ObjectType): (format: Format) => void {
  const { client } = useApi();
  const notify = useNotify();
  const exporting = useMutation({
    ...AT_ONCE,
    mutationFn: async (format: Format) => {
      const params = { path: { object }, query: { format } };
      const { data } = await client.GET('/mappings/{object}/file', { params, parseAs: 'text' });
      return { format, text: data ?? '' };
    },
    onSuccess: ({ format, text }) => offer(text, TYPES[format], `mapping-${object}.${format}`),
    onError: (error) => notify(error.message, 'error'),
  });
  return exporting.mutate;
}

function offer(text: string, type: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
