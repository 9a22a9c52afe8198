/** The typed client of the API: bearer token, one silent renewal, and errors that are always thrown. */
import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { Session } from '../auth/session';
import { problemOf, Unreachable } from './problem';
import type { paths } from './schema';

export type ApiClient = Client<paths>;

export function createApiClient(baseUrl: string, session: Session): ApiClient {
  const client = createClient<paths>({ baseUrl, fetch: (request) => fetchAs(session, request) });
  client.use(throwing);
  return client;
}

const throwing: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) {
      throw await problemOf(response);
    }
  },
};

async function fetchAs(session: Session, request: Request): Promise<Response> {
  const again = request.clone();
  const response = await send(session, request);
  if (response.status === 401 && (await session.renew())) {
    return send(session, again);
  }
  return response;
}

async function send(session: Session, request: Request): Promise<Response> {
  request.headers.set('Authorization', `Bearer ${session.token ?? ''}`);
  try {
    return await fetch(request);
  } catch (error) {
    if (request.signal.aborted) {
      throw error;
    }
    throw new Unreachable();
  }
}
