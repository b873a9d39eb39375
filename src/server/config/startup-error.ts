/**
 * The service cannot start, and its operator can solve that. `message` is one line that names the variable and says what to do;
 * it contains no secret.
 */
export class StartupError extends Error {
  override readonly name: string = "StartupError";
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "cannot be written to",
  EPERM: "cannot be written to",
  EROFS: "is on a read-only file system",
  EEXIST: "is a file and not a folder",
  ENOTDIR: "is a file, or below one",
  ENOENT: "cannot be made",
  ENOSPC: "is on a full disk",
  EDQUOT: "is on a full disk",
  ENOTSUP: "is on a file system without sockets, such as a folder of another system",
  EOPNOTSUPP: "is on a file system without sockets, such as a folder of another system",
  ENAMETOOLONG: "is a path that is too long",
};

/** An error of using the data directory, as an error for the operator; other errors unchanged. */
export function explainDirectoryError(directory: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = reasons[code];
  if (reason === undefined) return error;
  const remedy = "set DATA_DIR to a folder that this user may write to";
  return new StartupError(`DATA_DIR ${directory} ${reason} (${code}): ${remedy}`, { cause: error });
}
