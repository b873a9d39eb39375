import { once } from "node:events";
import { createServer } from "node:http";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";

/** A JWKS served over HTTP, whose key can be changed and which can be out of order. */
export interface Issuer extends AsyncDisposable {
  readonly url: string;
  readonly kid: string;
  readonly publicKey: CryptoKey;
  /** How often the set was fetched. */
  readonly fetches: number;
  sign(claims: JWTPayload, header?: { readonly kid?: string }): Promise<string>;
  /** Signs with a new key from now on; the set holds it, and the old one too when asked to keep it. */
  rotate(options: { readonly keepOld: boolean }): Promise<void>;
  answerWith(status: 200 | 500): void;
}

export async function startIssuer(alg: string): Promise<Issuer> {
  let keys: JWK[] = [];
  let status = 200;
  let fetches = 0;
  let current = await makeKey(alg, "key-1");
  keys = [current.jwk];

  const server = createServer((_request, response) => {
    fetches += 1;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ keys }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");

  return {
    url: `http://127.0.0.1:${address.port}/keys`,
    get kid() {
      return current.kid;
    },
    get publicKey() {
      return current.publicKey;
    },
    get fetches() {
      return fetches;
    },
    sign: (claims, header = { kid: current.kid }) =>
      new SignJWT(claims).setProtectedHeader({ alg, ...header }).sign(current.privateKey),
    async rotate({ keepOld }) {
      const old = keys;
      current = await makeKey(alg, `key-${old.length + 1}`);
      keys = keepOld ? [...old, current.jwk] : [current.jwk];
    },
    answerWith(next) {
      status = next;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function makeKey(alg: string, kid: string) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, publicKey, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}
