/** Gives every component the API: `$api` for reading and changing by hooks, `client` for anything else. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import createQueryHooks, { type OpenapiQueryClient } from 'openapi-react-query';
import { createContext, type ReactNode, useContext, useState } from 'react';
import { useSession } from '../auth/SessionContext';
import { type ApiClient, createApiClient } from './client';
import { isTransient } from './problem';
import type { paths } from './schema';

export interface Api {
  baseUrl: string;
  client: ApiClient;
  $api: OpenapiQueryClient<paths>;
}

const ApiContext = createContext<Api | null>(null);
const RETRIES = 2;
const FRESH_MILLISECONDS = 5_000;

export function ApiProvider(props: { baseUrl: string; children: ReactNode }) {
  const session = useSession();
  const [api] = useState(() => {
    const client = createApiClient(props.baseUrl, session);
    return { baseUrl: props.baseUrl, client, $api: createQueryHooks(client) };
  });
  const [queries] = useState(createQueries);
  return (
    <ApiContext value={api}>
      <QueryClientProvider client={queries}>{props.children}</QueryClientProvider>
    </ApiContext>
  );
}

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === null) {
    throw new Error('useApi needs an ApiProvider above it.');
  }
  return api;
}

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MILLISECONDS,
        retry: (failures, error) => failures < RETRIES && isTransient(error),
      },
    },
  });
}
