/** A sign-in in a window of its own: opened at a click, awaited until it tells how it ended or is closed. */
export interface SignInEnd {
  ok: boolean;
  code: string;
  /** What completes the sign-in, where the service waits for whoever started it to confirm. */
  confirmation?: string;
}

const LOOK = 'popup,width=560,height=720';
const CLOSED: SignInEnd = { ok: false, code: 'windowClosed' };
const LOOKED_AFTER_MILLISECONDS = 500;

/** Has to be called in the click itself, before anything is awaited; null where the browser blocks it. */
export function openPopup(): Window | null {
  return window.open('about:blank', 'dynamics-sign-in', LOOK);
}

/** How the sign-in ended. Only messages of the service's own pages in that very window count. */
export function endOf(popup: Window, origin: string, signal: AbortSignal): Promise<SignInEnd> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const finish = (end: SignInEnd) => {
      over.abort();
      window.clearInterval(watch);
      resolve(end);
    };
    // A window says how it ended and closes itself; what it said may still be on its way when it is seen closed.
    let seenClosed = false;
    const watch = window.setInterval(() => {
      if (seenClosed) {
        finish(CLOSED);
      }
      seenClosed = popup.closed;
    }, LOOKED_AFTER_MILLISECONDS);
    window.addEventListener(
      'message',
      (event: MessageEvent) => {
        if (event.origin === origin && event.source === popup && isEnd(event.data)) {
          const { ok, code, confirmation } = event.data;
          finish({ ok, code, confirmation });
        }
      },
      { signal: over.signal },
    );
    signal.addEventListener('abort', () => finish(CLOSED), { signal: over.signal });
  });
}

function isEnd(message: unknown): message is SignInEnd {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'dynamics-connection'
  );
}
