/** Starts a sign-in with Microsoft and follows it: in a window of its own, or in this one where that is blocked. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useApi } from '../api/ApiContext';
import { takeConfirmation } from './confirmation';
import { endOf, openPopup, type SignInEnd } from './popup';

const APPROVAL = 'adminApprovalRequired';

/** Asks the service for the address to sign in at. */
export type Begin = (returnUrl?: string) => Promise<{ authorizationUrl: string }>;

export interface SignIn {
  state: 'idle' | 'starting' | 'waiting' | 'confirming' | 'blocked';
  end: SignInEnd | null;
  error: unknown;
  start: (begin: Begin) => void;
  /** In this window, which comes back here. */
  startHere: (begin: Begin) => void;
  giveUp: () => void;
}

export function useSignIn(onEnd: (end: SignInEnd) => void): SignIn {
  const { baseUrl, client } = useApi();
  const [state, setState] = useState<SignIn['state']>('idle');
  const [end, setEnd] = useReturned();
  const [error, setError] = useState<unknown>(null);
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const fail = useCallback((problem: unknown) => {
    setError(problem);
    setState('idle');
  }, []);

  /** Completes what the service held back, with the token of the person who started here. */
  const finish = useCallback(
    async (told: SignInEnd) => {
      let ended = told;
      if (told.confirmation) {
        setState('confirming');
        await client.POST('/connection/confirm', { body: { confirmation: told.confirmation } });
        ended = { ok: true, code: 'connected' };
      }
      setEnd(ended);
      setState('idle');
      onEnd(ended);
    },
    [client, onEnd, setEnd],
  );

  const run = useCallback(
    async (begin: Begin) => {
      const popup = openPopup();
      if (popup === null) {
        setState('blocked');
        return;
      }
      setState('starting');
      abort.current = new AbortController();
      const { signal } = abort.current;
      try {
        popup.location.href = (await begin()).authorizationUrl;
        setState('waiting');
        const { origin } = new URL(baseUrl);
        let told = await endOf(popup, origin, signal);
        if (abort.current?.signal === signal) {
          await finish(told);
        }
        // The window of a sign-in that has to be approved first stays open, and goes on by itself after it.
        while (told.code === APPROVAL && !popup.closed && !signal.aborted) {
          told = await endOf(popup, origin, signal);
          if (told.ok || told.confirmation) {
            await finish(told);
          }
        }
      } catch (problem) {
        popup.close();
        fail(problem);
      }
    },
    [baseUrl, finish, fail],
  );

  useConfirmed(finish, fail);

  const runHere = useCallback(
    async (begin: Begin) => {
      setState('starting');
      try {
        window.location.href = (await begin(window.location.href.split('?')[0])).authorizationUrl;
      } catch (problem) {
        fail(problem);
      }
    },
    [fail],
  );

  function fresh(step: (begin: Begin) => Promise<void>): (begin: Begin) => void {
    return (begin) => {
      abort.current?.abort();
      abort.current = null;
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

/** Confirms a sign-in in this window that has just come back. */
function useConfirmed(finish: (told: SignInEnd) => Promise<void>, onProblem: (problem: unknown) => void) {
  useEffect(() => {
    const confirmation = takeConfirmation();
    if (confirmation) {
      finish({ ok: false, code: '', confirmation }).catch(onProblem);
    }
  }, [finish, onProblem]);
}

/** How a sign-in in this window ended, as the address tells on the way back. */
function useReturned() {
  const [query] = useSearchParams();
  const result = query.get('connection');
  return useState<SignInEnd | null>(
    result === null || result === 'unconfirmed'
      ? null
      : { ok: result === 'connected', code: query.get('code') ?? '' },
  );
}
