/** Short messages about what was done, in a corner, read out by screen readers; loaded with the first of them. */
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useRef,
  useState,
} from 'react';

const Toasts = lazy(async () => ({ default: (await import('./Toasts')).Toasts }));

export interface Notification {
  number: number;
  sentence: string;
  intent: 'success' | 'info' | 'warning' | 'error';
}

export type Notify = (sentence: string, intent?: Notification['intent']) => void;

const NotifyContext = createContext<Notify>(() => undefined);

export function Notifications(props: { children: ReactNode }) {
  const [latest, setLatest] = useState<Notification | null>(null);
  const count = useRef(0);
  const notify = useCallback<Notify>((sentence, intent = 'success') => {
    count.current += 1;
    setLatest({ number: count.current, sentence, intent });
  }, []);
  return (
    <NotifyContext value={notify}>
      {props.children}
      {latest && (
        <Suspense>
          <Toasts latest={latest} />
        </Suspense>
      )}
    </NotifyContext>
  );
}

export function useNotify(): Notify {
  return useContext(NotifyContext);
}
