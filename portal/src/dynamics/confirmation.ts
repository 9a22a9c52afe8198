/** The code that confirms a sign-in in this window: it comes back in the fragment of the address, and is taken out of it. */
const NAME = 'confirmation';

/** Gives it once: nothing that reads the address later finds it. */
export function takeConfirmation(): string | null {
  const fragment = new URLSearchParams(window.location.hash.slice(1));
  const code = fragment.get(NAME);
  if (code !== null) {
    fragment.delete(NAME);
    const rest = fragment.size > 0 ? `#${fragment}` : '';
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, '', pathname + search + rest);
  }
  return code;
}
