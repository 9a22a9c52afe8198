/** Reads what the editor needs: the mapping with its tag, and the two sides that it joins. */
import { useMemo } from 'react';
import { useApi } from '../../api/ApiContext';
import { useTagged } from '../../api/tagged';
import { catalogOf } from './catalog';
import type { ObjectType } from './row';

/** The organization's fields change rarely; Verify reads them anew. */
const FIELDS_FRESH = 300_000;

export function mappingKey(object: ObjectType) {
  return ['mapping', object] as const;
}

export function useMapping(object: ObjectType) {
  return useTagged(mappingKey(object), (client) =>
    client.GET('/mappings/{object}', { params: { path: { object } } }),
  );
}

/** The catalog once all of it is read; `failed` is the query to try again. */
export function useCatalog(object: ObjectType) {
  const { $api } = useApi();
  const of = { params: { path: { object } } };
  const fields = $api.useQuery('get', '/fields/vendor/{object}', of, { staleTime: FIELDS_FRESH });
  const columns = $api.useQuery('get', '/fields/dynamics/{object}', of, { staleTime: FIELDS_FRESH });
  const suggestions = $api.useQuery('get', '/mappings/{object}/suggestions', of, { staleTime: FIELDS_FRESH });
  const catalog = useMemo(
    () =>
      fields.data && columns.data && suggestions.data
        ? catalogOf(fields.data.items, columns.data.items, suggestions.data.items)
        : null,
    [fields.data, columns.data, suggestions.data],
  );
  return { catalog, failed: [fields, columns, suggestions].find((query) => query.isError) ?? null };
}
