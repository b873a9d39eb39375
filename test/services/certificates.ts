import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram, run } from "./commands.js";
import { MissingServiceError } from "./sources.js";

/** A certificate authority of a test's own, in a folder. */
export interface Authority {
  /** File of its certificate. */
  readonly certificate: string;
  /** Makes a certificate and its key, of which the files are called `name`. */
  issue(name: string, subject: { readonly commonName: string; readonly host?: string }): Promise<Issued>;
}

export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];

/** Makes an authority whose files lie in `folder`. */
export async function makeAuthority(folder: string, name: string): Promise<Authority> {
  const openssl = findProgram(["openssl"]);
  if (openssl === undefined) throw new MissingServiceError("OpenSSL");
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  await run(openssl, [
    "req",
    "-x509",
    ...newKey,
    "-subj",
    `/CN=${name}`,
    "-keyout",
    key,
    "-out",
    certificate,
  ]);
  return {
    certificate,
    async issue(issued, { commonName, host }) {
      const file = (extension: string): string => join(folder, `${issued}.${extension}`);
      const subject = ["-subj", `/CN=${commonName}`];
      await run(openssl, ["req", ...newKey, ...subject, "-keyout", file("key"), "-out", file("csr")]);
      writeFileSync(file("ext"), host === undefined ? "" : `subjectAltName=DNS:${host}\n`);
      const signed = ["-CA", certificate, "-CAkey", key, "-CAcreateserial", "-days", "2"];
      const files = ["-in", file("csr"), "-extfile", file("ext"), "-out", file("crt")];
      await run(openssl, ["x509", "-req", ...signed, ...files]);
      chmodSync(file("key"), 0o600);
      return { certificate: file("crt"), key: file("key") };
    },
  };
}
