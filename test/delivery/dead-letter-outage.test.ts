import { once } from "node:events";
import { expect, it } from "vitest";
import { adminScope } from "../../src/server/auth/viewer.js";
import { storeDeadLetters } from "../../src/server/delivery/dead-letters/store.js";
import { openSpy } from "../broker/rabbitmq-testbed.js";
import { crashAt } from "../faults/crash-points.js";
import { startApp, token } from "../kit/app.js";
import { openOnServer } from "../kit/databases.js";
import { startInstance } from "../kit/instance.js";
import { upTo } from "../kit/items.js";
import { ask } from "../kit/requests.js";
import { openCutProxy } from "../services/cut-proxy.js";
import { createVhost } from "../services/vhost.js";
import { waitUntil } from "../services/wait-until.js";
import { createDeadLetters, deadLettersIn } from "./dead-letter.js";

const retryAll = "mutation { retryDeadLetters(filter: {}) { count } }";

it("an instance that is killed with SIGKILL between publishing and deleting dead letters loses none", async () => {
  await using opened = await openOnServer();
  await using vhost = await createVhost();
  const environment = { DATABASE_URL: opened.url, RABBITMQ_URL: vhost.url, ROLES: "api" };
  const operator = await token("operator", adminScope);
  const names = upTo(10).map((n) => `event ${n}`);
  await storeDeadLetters(opened.database, createDeadLetters(...names));

  const [crash, program] = crashAt("after-put-back", 4);
  await using dying = await startInstance({ ...environment, ...crash }, program);
  const exit = once(dying.process, "exit");
  await expect(ask(dying.url, operator, retryAll)).rejects.toThrow();
  expect(await exit).toEqual([null, "SIGKILL"]);
  expect(await deadLettersIn(opened.database)).toHaveLength(names.length);

  await using next = await startInstance(environment);
  expect(await ask(next.url, operator, retryAll)).toEqual({
    data: { retryDeadLetters: { count: names.length } },
  });
  expect(await deadLettersIn(opened.database)).toEqual([]);
  await using spy = await openSpy(vhost.url);
  const { messageCount } = await spy.channel.checkQueue("notification.new");
  expect(messageCount).toBeGreaterThanOrEqual(names.length + 4);
  const found = new Set<unknown>();
  for (let taken = 0; taken < messageCount; taken += 1) {
    found.add((await spy.take("notification.new")).properties.messageId);
  }
  expect(found).toEqual(new Set(names));
});

it("an outage of the broker is reported to the operator, with the number of dead letters retried before it", async () => {
  await using opened = await openOnServer();
  await using vhost = await createVhost();
  await using proxy = await openCutProxy(vhost.url);
  await using app = await startApp({ DATABASE_URL: opened.url, RABBITMQ_URL: proxy.url, ROLES: "api" });
  await storeDeadLetters(opened.database, createDeadLetters("a", "b"));
  proxy.cut();
  await waitUntil("Noticing", async () => (await fetch(`${app.url}/health/rabbitmq`)).status !== 200);
  const { errors } = await ask(app.url, await token("operator", adminScope), retryAll);
  expect(errors).toMatchObject([{ extensions: { code: "SERVICE_UNAVAILABLE", count: 0 } }]);
  expect(await deadLettersIn(opened.database)).toHaveLength(2);
});
