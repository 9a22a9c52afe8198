/** Gives every component the session and its state. */
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import type { Person } from './person';
import type { Session, SessionState } from './session';

const SessionContext = createContext<Session | null>(null);

export function SessionProvider(props: { session: Session; children: ReactNode }) {
  return <SessionContext value={props.session}>{props.children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) {
    throw new Error('useSession needs a SessionProvider above it.');
  }
  return session;
}

export function useSessionState(): SessionState {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, () => session.state);
}

/** The signed-in person; only for components below the shell, which nobody else sees. */
export function usePerson(): Person {
  const { person } = useSessionState();
  if (person === null) {
    throw new Error('usePerson is for components below the shell: nobody is signed in here.');
  }
  return person;
}
