/** Verifies and saves the rows over the state that was read, and takes in whatever the API answers. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type Dispatch, useState } from 'react';
import { useApi } from '../../api/ApiContext';
import { ApiProblem } from '../../api/problem';
import type { components } from '../../api/schema';
import { type Tagged, tagged } from '../../api/tagged';
import { type Edit, type Editing, type Mapping, rowIndex, rowsText } from './editing';
import { focusPart, partOf } from './focus';
import { type ObjectType, payloadOf, type Row } from './row';
import { mappingKey } from './useMapping';

type Body = components['schemas']['MappingBody'];

/** Without a network it fails, and says so, in place of waiting for one. */
export const AT_ONCE = { networkMode: 'always' } as const;

export interface Saving {
  save: () => void;
  isSaving: boolean;
  /** The mapping as it was saved last on this screen. */
  saved: Mapping | null;
  /** What went wrong, other than that rows need to be adjusted: these are remarks of the editor. */
  error: unknown;
  overtaken: ApiProblem | null;
  saveMine: () => void;
  takeTheirs: () => void;
  goOn: () => void;
}

export function useSaving(object: ObjectType, state: Editing, edit: Dispatch<Edit>): Saving {
  const { client } = useApi();
  const queries = useQueryClient();
  const [overtaken, setOvertaken] = useState<ApiProblem | null>(null);
  const path = { object };
  const read = async () => tagged(await client.GET('/mappings/{object}', { params: { path } }));
  const keep = (mapping: Tagged<Mapping>) => {
    queries.setQueryData(mappingKey(object), mapping);
    void queries.invalidateQueries({ queryKey: ['get', '/mappings/{object}/versions'] });
  };
  const saving = useMutation({
    ...AT_ONCE,
    mutationFn: async ({ rows, etag }: { rows: Row[]; etag: string }) => {
      await queries.cancelQueries({ queryKey: mappingKey(object) });
      const body = { rows: rows.map(({ fields }) => payloadOf(fields)) } as Body;
      const header = { 'If-Match': etag };
      return tagged(await client.PUT('/mappings/{object}', { params: { path, header }, body }));
    },
    onSuccess: (mapping, { rows }) => {
      edit({ type: 'saved', mapping, sent: rowsText(rows) });
      keep(mapping);
    },
    onError: (error, { rows }) => {
      if (error instanceof ApiProblem && error.status === 412) {
        setOvertaken(error);
      } else if (isAboutRows(error)) {
        edit({ type: 'refused', problems: error.errors });
        showFirst(error, rows);
      }
    },
  });
  const rereading = useMutation({ ...AT_ONCE, mutationFn: read });
  const goOn = () => setOvertaken(null);
  const reread = (then: (mapping: Tagged<Mapping>) => void) => {
    goOn();
    rereading.mutate(undefined, { onSuccess: then });
  };
  return {
    save: () => saving.mutate({ rows: state.rows, etag: state.saved.etag }),
    isSaving: saving.isPending || rereading.isPending,
    saved: saving.data?.value ?? null,
    error: isAboutRows(saving.error) || isOvertaken(saving.error) ? rereading.error : saving.error,
    overtaken,
    saveMine: () => reread(({ etag }) => saving.mutate({ rows: state.rows, etag })),
    takeTheirs: () =>
      reread((mapping) => {
        edit({ type: 'loaded', mapping });
        keep(mapping);
      }),
    goOn,
  };
}

function isAboutRows(error: unknown): error is ApiProblem {
  return (
    error instanceof ApiProblem && (error.status === 422 || error.status === 400) && error.errors.length > 0
  );
}

function isOvertaken(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 412;
}

/** The first row that needs to be adjusted comes into view, with the focus on what is wrong in it. */
function showFirst({ errors }: ApiProblem, rows: Row[]): void {
  const first = errors.find((each) => rowIndex(each) >= 0);
  const row = first && rows[rowIndex(first)];
  if (first && row) {
    focusPart(row.key, partOf(first.code), 'center');
  }
}
