import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { callManagement } from "./rabbitmq-management.js";
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
 * Makes an empty virtual host. A broker that was given by RABBITMQ_URL makes one only if its management API answers on port
 * 15672; else its own virtual host is used, which test files then share.
 */
export async function createVhost(): Promise<Vhost> {
  const shared = new URL(inject("rabbitmqUrl"));
  const admin = findAdmin(shared);
  if (admin === null) {
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

function findAdmin(shared: URL): VhostAdmin | null {
  const managementUrl = inject("rabbitmqManagementUrl");
  if (managementUrl !== null) return managementApi(managementUrl);
  const control = inject("rabbitmqControl");
  return control === null ? null : commandLine(control, decodeURIComponent(shared.username));
}

function commandLine(control: RabbitmqControl, user: string): VhostAdmin {
  return {
    async add(name) {
      await rabbitmqctl(control, "add_vhost", name);
      await rabbitmqctl(control, "set_permissions", "-p", name, user, ".*", ".*", ".*");
    },
    async remove(name) {
      await rabbitmqctl(control, "delete_vhost", name);
    },
  };
}

/** By the management API at `url`, whose user may do everything on what is made. */
export function managementApi(url: string): VhostAdmin {
  async function call(method: "PUT" | "DELETE", path: string, body?: object): Promise<void> {
    const { ok, status } = await callManagement(url, method, path, body);
    if (!ok) throw new Error(`RabbitMQ's management API: ${method} ${path} answered ${status}`);
  }
  return {
    async add(name) {
      await call("PUT", `vhosts/${name}`);
      const everything = { configure: ".*", write: ".*", read: ".*" };
      await call("PUT", `permissions/${name}/${new URL(url).username}`, everything);
    },
    remove: (name) => call("DELETE", `vhosts/${name}`),
  };
}
