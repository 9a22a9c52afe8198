/** The outcomes as a file on the person's disk; the API gives it only with the token, so a plain link would not do. */
import type { ApiClient } from '../../../api/client';

export async function saveResults(client: ApiClient, id: string): Promise<void> {
  const { data } = await client.GET('/exports/{id}/results.csv', {
    params: { path: { id } },
    parseAs: 'blob',
  });
  const address = URL.createObjectURL(data as Blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = `export-${id}.csv`;
  link.click();
  URL.revokeObjectURL(address);
}
