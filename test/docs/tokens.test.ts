/** The servers of docs/tokens.md sign tokens that the service accepts. */
import { expect, it } from "vitest";
import { InboxDocument } from "../../src/client/generated.js";
import { startProgram } from "../cli/carillon.js";
import { jwtSecret, startApp } from "../kit/app.js";
import { eventually } from "../kit/eventually.js";
import { request } from "../kit/requests.js";
import { freePort } from "../services/free-port.js";
import { blockToRun } from "./blocks.js";
import { makeConsumer } from "./consumer.js";

const page = "docs/tokens.md";

it("shows an endpoint that signs with the secret, for the user who is logged in", async () => {
  await using consumer = await makeConsumer();
  const program = await consumer.write("server.mjs", blockToRun(page, "token-server").text);
  const port = await freePort();
  await using _server = startProgram({ AUTH_JWT_SECRET: jwtSecret, PORT: `${port}` }, program);
  const url = `http://127.0.0.1:${port}/api/carillon-token`;
  await eventually(async () => expect((await fetch(url)).status).toBe(401));

  const answer = await fetch(url, { headers: { cookie: "theme=dark; session=demo-alice" } });
  const { token } = (await answer.json()) as { token: string };
  await using app = await startApp();
  expect(await request(app.url, token, InboxDocument, { userId: "alice" })).toMatchObject({
    inbox: { unreadCount: 0 },
  });
  await expect(request(app.url, token, InboxDocument, { userId: "bob" })).rejects.toThrow();
});

it("shows how to publish the key of a signer", async () => {
  await using consumer = await makeConsumer();
  const port = await freePort();
  await consumer.write("signer.mjs", blockToRun(page, "jwks").text.replace("3001", `${port}`));
  const program = await consumer.write(
    "print.mjs",
    `import { signToken } from "./signer.mjs";\nconsole.log(await signToken("alice"));\n`,
  );
  await using signer = startProgram({}, program);
  await signer.saw(/^eyJ/);
  await using app = await startApp({
    AUTH_JWT_SECRET: "",
    AUTH_JWKS_URL: `http://127.0.0.1:${port}/.well-known/jwks.json`,
  });
  expect(await request(app.url, signer.lines[0] ?? "", InboxDocument, { userId: "alice" })).toMatchObject({
    inbox: { unreadCount: 0 },
  });
});
