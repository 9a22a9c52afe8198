/** What is to be done about a connection, in the language of the portal; null where all is well. */
import type { components } from '../api/schema';
import { useSentences } from '../i18n/useSentences';

export function useAttention(connection: components['schemas']['ConnectionPayload']): string | null {
  const say = useSentences();
  const said = connection.attention?.message ?? connection.problem;
  return said ? say(connection.attention?.code, said) : null;
}
