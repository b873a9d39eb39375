import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { rabbitmqctl, type RabbitmqControl } from "./rabbitmq-node.js";

/** A virtual host on the shared broker that no other test sees. Disposing of it deletes it with all that it holds. */
export interface Vhost extends AsyncDisposable {
  readonly url: string;
  readonly name: string;
}

/** Makes and deletes virtual hosts, in one of the ways that a broker may allow. */
interface VhostAdmin {
  add(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/**
 * Makes an empty virtual host, in about half a second. A broker that was given by RABBITMQ_URL makes one only if its
 * management API answers on port 15672; else its own virtual host is used, which test files then share.
 */
export async function createVhost(): Promise<Vhost> {
  const shared = new URL(inject("rabbitmqUrl"));
  const control = inject("rabbitmqControl");
  const admin = control === null ? await managementApi(shared) : commandLine(control, shared);
  if (admin === undefined) {
    process.stderr.write(
      "RabbitMQ's management API does not answer: tests share the virtual host of RABBITMQ_URL.\n",
    );
    return {
      url: shared.href,
      name: decodeURIComponent(shared.pathname.slice(1)) || "/",
      async [Symbol.asyncDispose]() {},
    };
  }
  const name = `test-${randomBytes(6).toString("hex")}`;
  await admin.add(name);
  const url = new URL(shared);
  url.pathname = `/${name}`;
  return { url: url.href, name, [Symbol.asyncDispose]: () => admin.remove(name) };
}

function commandLine(control: RabbitmqControl, shared: URL): VhostAdmin {
  return {
    async add(name) {
      await rabbitmqctl(control, "add_vhost", name);
      await rabbitmqctl(
        control,
        "set_permissions",
        "-p",
        name,
        decodeURIComponent(shared.username),
        ".*",
        ".*",
        ".*",
      );
    },
    async remove(name) {
      await rabbitmqctl(control, "delete_vhost", name);
    },
  };
}

async function managementApi(shared: URL): Promise<VhostAdmin | undefined> {
  const user = decodeURIComponent(shared.username) || "guest";
  const password = decodeURIComponent(shared.password) || "guest";
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  async function call(method: string, path: string, body?: object): Promise<Response> {
    return fetch(`http://${shared.hostname}:15672/api/${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5000),
    });
  }
  async function mustCall(method: string, path: string, body?: object): Promise<void> {
    const response = await call(method, path, body);
    if (!response.ok)
      throw new Error(`RabbitMQ's management API: ${method} ${path} answered ${response.status}`);
  }
  const answers = await call("GET", "vhosts").then(
    (response) => response.ok,
    () => false,
  );
  if (!answers) return undefined;
  return {
    async add(name) {
      await mustCall("PUT", `vhosts/${name}`);
      const everything = { configure: ".*", write: ".*", read: ".*" };
      await mustCall("PUT", `permissions/${name}/${encodeURIComponent(user)}`, everything);
    },
    remove: (name) => mustCall("DELETE", `vhosts/${name}`),
  };
}
