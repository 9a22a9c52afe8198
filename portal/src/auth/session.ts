/** Who is signed in: OpenID Connect with tokens that live in this page's memory and nowhere else. */
import {
  ErrorResponse,
  InMemoryWebStorage,
  type User,
  UserManager,
  WebStorageStateStore,
} from 'oidc-client-ts';
import type { PortalConfig } from '../config';
import { type Person, personOf } from './person';

const SIGNED_IN = 'portal.signedIn';
const REDIRECT_PATH = '/signed-in';
const POPUP_PATH = '/signed-in-popup';

export type SignInProblem = 'cancelled' | 'refused' | 'unreachable';

export interface SessionState {
  person: Person | null;
  /** The tokens are worthless and could not be renewed; the page keeps what was typed into it. */
  ended: boolean;
  problem: SignInProblem | null;
}

export class Session {
  #state: SessionState = { person: null, ended: false, problem: null };
  #token: string | null = null;
  #renewing: Promise<boolean> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #users: UserManager;
  readonly #otherTabs = new BroadcastChannel('portal.session');

  constructor(config: PortalConfig) {
    this.#users = new UserManager({
      authority: config.issuer,
      client_id: config.clientId,
      redirect_uri: location.origin + REDIRECT_PATH,
      popup_redirect_uri: location.origin + POPUP_PATH,
      post_logout_redirect_uri: `${location.origin}/`,
      scope: 'openid profile email offline_access',
      loadUserInfo: false,
      userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
      // What a sign-in under way needs after the redirect (state, nonce, PKCE verifier); no token is in it.
      stateStore: new WebStorageStateStore({ store: sessionStorage }),
    });
    this.#users.events.addUserLoaded((user) => this.#accept(user));
    this.#users.events.addAccessTokenExpired(() => this.#change({ ended: true }));
    this.#otherTabs.onmessage = () => this.#leave();
  }

  /** Ends what a redirect began, or signs in again without asking after a reload; false where the page is being left. */
  async start(): Promise<boolean> {
    try {
      return await this.#begin();
    } catch {
      this.#change({ problem: 'unreachable' });
      return true;
    }
  }

  get state(): SessionState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The bearer token of the moment. */
  get token(): string | null {
    return this.#token;
  }

  async signIn(): Promise<void> {
    try {
      await this.#users.signinRedirect({ state: here() });
    } catch {
      this.#change({ problem: 'unreachable' });
    }
  }

  /** Signs in again in a window of its own, so that nothing on the page is lost; false where that did not work. */
  async signInAgain(): Promise<boolean> {
    try {
      const user = await this.#users.signinPopup({ login_hint: this.#state.person?.email ?? '' });
      return user.profile.sub === this.#state.person?.id;
    } catch {
      return false;
    }
  }

  /** Fresh tokens without asking; false where a person has to sign in again. */
  renew(): Promise<boolean> {
    this.#renewing ??= this.#users
      .signinSilent()
      .then((user) => user !== null)
      .catch(() => false)
      .then((renewed) => {
        this.#renewing = null;
        if (!renewed) {
          this.#change({ ended: true });
        }
        return renewed;
      });
    return this.#renewing;
  }

  async signOut(): Promise<void> {
    sessionStorage.removeItem(SIGNED_IN);
    this.#otherTabs.postMessage('signed out');
    try {
      await this.#users.signoutRedirect();
    } catch {
      this.#leave();
    }
  }

  async #begin(): Promise<boolean> {
    if (location.pathname === POPUP_PATH) {
      await this.#users.signinPopupCallback();
      return false;
    }
    await this.#users.clearStaleState();
    if (location.pathname === REDIRECT_PATH) {
      await this.#finishRedirect();
      return true;
    }
    if (sessionStorage.getItem(SIGNED_IN)) {
      await this.#users.signinRedirect({ prompt: 'none', state: here() });
      return false;
    }
    return true;
  }

  async #finishRedirect(): Promise<void> {
    let target: unknown = '/';
    try {
      target = (await this.#users.signinCallback())?.state;
      sessionStorage.setItem(SIGNED_IN, 'yes');
    } catch (error) {
      sessionStorage.removeItem(SIGNED_IN);
      target = error instanceof ErrorResponse ? error.state : '/';
      this.#change({ problem: problemOf(error) });
    }
    history.replaceState(null, '', typeof target === 'string' ? target : '/');
  }

  #accept(user: User): void {
    const person = personOf(user.profile);
    if (this.#state.person !== null && this.#state.person.id !== person.id) {
      // Somebody else signed in on the page of the first: nothing of the first may stay.
      location.assign('/');
      return;
    }
    this.#token = user.access_token;
    this.#change({ person, ended: false, problem: null });
  }

  #leave(): void {
    sessionStorage.removeItem(SIGNED_IN);
    location.assign('/');
  }

  #change(changed: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...changed };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

function here(): string {
  return location.pathname + location.search + location.hash;
}

function problemOf(error: unknown): SignInProblem | null {
  if (!(error instanceof ErrorResponse)) {
    return 'refused';
  }
  if (error.error === 'login_required') {
    return null;
  }
  return error.error === 'access_denied' ? 'cancelled' : 'refused';
}
