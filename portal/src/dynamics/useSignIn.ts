/** Starts a sign-in with Microsoft and follows it: in a window of its own, or in this one where that is blocked. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useApi } from '../api/ApiContext';
import { endOf, openPopup, type SignInEnd } from './popup';

/** Asks the service for the address to sign in at. */
export type Begin = (returnUrl?: string) => Promise<{ authorizationUrl: string }>;

export interface SignIn {
  state: 'idle' | 'starting' | 'waiting' | 'blocked';
  end: SignInEnd | null;
  error: unknown;
  start: (begin: Begin) => void;
  /** In this window, which comes back here. */
  startHere: (begin: Begin) => void;
  giveUp: () => void;
}

export function useSignIn(onEnd: (end: SignInEnd) => void): SignIn {
  const { baseUrl } = useApi();
  const [state, setState] = useState<SignIn['state']>('idle');
  const [end, setEnd] = useReturned();
  const [error, setError] = useState<unknown>(null);
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const run = useCallback(
    async (begin: Begin) => {
      const popup = openPopup();
      if (popup === null) {
        setState('blocked');
        return;
      }
      setState('starting');
      abort.current = new AbortController();
      try {
        popup.location.href = (await begin()).authorizationUrl;
        setState('waiting');
        const ended = await endOf(popup, new URL(baseUrl).origin, abort.current.signal);
        setEnd(ended);
        onEnd(ended);
      } catch (problem) {
        popup.close();
        setError(problem);
      }
      setState('idle');
    },
    [baseUrl, onEnd, setEnd],
  );

  const runHere = useCallback(async (begin: Begin) => {
    setState('starting');
    try {
      window.location.href = (await begin(window.location.href.split('?')[0])).authorizationUrl;
    } catch (problem) {
      setError(problem);
      setState('idle');
    }
  }, []);

  function fresh(step: (begin: Begin) => Promise<void>): (begin: Begin) => void {
    return (begin) => {
      setEnd(null);
      setError(null);
      void step(begin);
    };
  }

  return {
    state,
    end,
    error,
    start: fresh(run),
    startHere: fresh(runHere),
    giveUp: () => abort.current?.abort(),
  };
}

/** How a sign-in in this window ended, as the address tells on the way back. */
function useReturned() {
  const [query] = useSearchParams();
  const result = query.get('connection');
  return useState<SignInEnd | null>(
    result === null ? null : { ok: result === 'connected', code: query.get('code') ?? '' },
  );
}
