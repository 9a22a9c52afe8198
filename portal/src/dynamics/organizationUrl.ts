/** What a person pastes as the Organization URL; the service has the last word. */
const HOST =
  /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.(?:api\.)?(crm\d*\.dynamics\.com|crm\.microsoftdynamics\.us|crm\.appsplatform\.us|crm\.dynamics\.cn)$/;

/** The address without what was pasted beyond it, null for what is no address of an organization. */
export function organizationUrlOf(text: string): string | null {
  const cleaned = text.trim();
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(cleaned) ? cleaned : `https://${cleaned}`;
  if (!URL.canParse(address)) {
    return null;
  }
  const { protocol, hostname, port, username } = new URL(address);
  const found = HOST.exec(hostname);
  return found && protocol === 'https:' && port === '' && username === ''
    ? `https://${found[1]}.${found[2]}`
    : null;
}
