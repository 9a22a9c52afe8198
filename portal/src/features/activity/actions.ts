/** What the audit log tells of, in the order in which the filter offers it. */
import type { components } from '../../api/schema';

export type Action = components['schemas']['AuditAction'];

export const ACTIONS = [
  'connection.started',
  'connection.made',
  'connection.ended',
  'consent.started',
  'consent.granted',
  'ownConnection.started',
  'ownConnection.made',
  'ownConnection.ended',
  'signIn.held',
  'signIn.refused',
  'confirmation.refused',
  'access.changed',
  'preferences.saved',
  'mapping.saved',
  'mapping.restored',
  'upload.opened',
  'export.started',
  'export.retried',
  'export.matchChosen',
  'export.undone',
  'export.paused',
  'export.resumed',
  'export.cancelled',
  'export.ended',
  'export.contentsExpired',
  'erasure.requested',
  'erasure.done',
  'tenant.deletionRequested',
  'tenant.deleted',
] as const satisfies readonly Action[];

/** The key of its text: TypeScript says where an action has none. */
export function actionKey<A extends Action>(action: A): `done.${A}` {
  return `done.${action}`;
}
