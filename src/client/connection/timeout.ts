/** Milliseconds; each has a default. */
export interface TimeoutOptions {
  /** In which a connection has to be made and acknowledged. Default 10,000. */
  readonly connect?: number;
  /** In which the token callback has to answer. Default 30,000. */
  readonly token?: number;
  /** In which a query or mutation over HTTP has to be answered. Default 30,000. */
  readonly request?: number;
}

export const defaultTimeouts: Required<TimeoutOptions> = { connect: 10_000, token: 30_000, request: 30_000 };

/** Settles as the promise does, or rejects with this error when that takes longer. */
export async function withTimeout<T>(promise: Promise<T>, milliseconds: number, error: Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(error), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
