/** What went wrong with a call, in the words of the API (problem details, RFC 9457) or of the network. */
import type { components } from './schema';

export type ProblemItem = components['schemas']['ProblemItem'];
type ProblemDetails = components['schemas']['ProblemDetails'];

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: ProblemItem[];
  /** What a person quotes when asking for help. */
  readonly instance: string;
  readonly retryAfterSeconds: number | null;
  /** Everything that the answer said, for codes with members of their own. */
  readonly body: Record<string, unknown>;

  constructor(details: Partial<ProblemDetails>, status: number, retryAfterSeconds: number | null) {
    super(details.detail ?? '');
    this.name = 'ApiProblem';
    this.status = status;
    this.code = details.code ?? 'unexpected';
    this.errors = details.errors ?? [];
    this.instance = details.instance ?? '';
    this.retryAfterSeconds = retryAfterSeconds;
    this.body = details;
  }
}

/** The request did not get an answer: no network, or nobody listens. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds : null;
  try {
    return new ApiProblem(await response.clone().json(), response.status, retryAfter);
  } catch {
    return new ApiProblem({}, response.status, retryAfter);
  }
}

/** Whether the same call may work a moment later. */
export function isTransient(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiProblem && [429, 503].includes(error.status));
}
