/** Reads what is changed on the condition of its ETag: preferences, access, mappings. */
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useApi } from './ApiContext';
import type { ApiClient } from './client';

export interface Tagged<T> {
  value: T;
  etag: string;
}

/** `useTagged(['preferences'], (api) => api.GET('/preferences'))` */
export function useTagged<T>(
  key: readonly unknown[],
  read: (client: ApiClient) => Promise<{ data?: T; response: Response }>,
): UseQueryResult<Tagged<T>> {
  const { client } = useApi();
  return useQuery({ queryKey: key, queryFn: async () => tagged(await read(client)) });
}

/** The value of an answer with its tag, as `useTagged` keeps it: `queries.setQueryData(key, tagged(answer))`. */
export function tagged<T>(answer: { data?: T; response: Response }): Tagged<T> {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.url} answered without content.`);
  }
  return { value: answer.data, etag: answer.response.headers.get('ETag') ?? '*' };
}
