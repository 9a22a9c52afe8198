/** What differs between one installation and the next, read from /config.json when the page loads. */
export interface PortalConfig {
  vendorName: string;
  apiUrl: string;
  issuer: string;
  clientId: string;
}

const NAMES = ['vendorName', 'apiUrl', 'issuer', 'clientId'] as const;

/** Rejects with a sentence where the file is missing or incomplete. */
export async function readConfig(): Promise<PortalConfig> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  if (!response.ok) {
    throw new Error(`/config.json answers ${response.status}; the installation has to provide it.`);
  }
  const content: Record<string, unknown> = await response.json();
  const missing = NAMES.filter((name) => typeof content[name] !== 'string' || content[name] === '');
  if (missing.length > 0) {
    throw new Error(`/config.json lacks ${missing.join(', ')}; add the members as texts.`);
  }
  return content as unknown as PortalConfig;
}
