/** The signed-in person, from the claims of the ID token. */
export interface Person {
  id: string;
  tenant: string;
  name: string;
  email: string;
  isAdmin: boolean;
}

export function personOf(claims: { sub: string; [claim: string]: unknown }): Person {
  const roles = Array.isArray(claims.roles) ? claims.roles : [];
  return {
    id: claims.sub,
    tenant: text(claims.org_id),
    name: text(claims.name) || text(claims.email) || claims.sub,
    email: text(claims.email),
    isAdmin: roles.includes('admin'),
  };
}

function text(claim: unknown): string {
  return typeof claim === 'string' ? claim : '';
}
