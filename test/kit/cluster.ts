import { ResourceStack } from "../../src/server/scheduling/resource-stack.js";
import { createDatabase } from "../services/database.js";
import { createVhost } from "../services/vhost.js";
import { type Instance, startInstance } from "./instance.js";

/** What several instances share: one database and one virtual host. Disposing of it kills the instances first. */
export interface Cluster extends AsyncDisposable {
  readonly databaseUrl: string;
  /** Starts one more instance, with these variables besides the shared ones. @param node see startInstance */
  start(environment?: NodeJS.ProcessEnv, node?: string): Promise<Instance>;
}

/** Makes an empty database and an empty virtual host for instances with these variables. */
export async function openCluster(environment: NodeJS.ProcessEnv = {}): Promise<Cluster> {
  const closing = new ResourceStack();
  try {
    const database = closing.use(await createDatabase());
    const vhost = closing.use(await createVhost());
    return {
      databaseUrl: database.url,
      async start(own = {}, node) {
        const shared = { DATABASE_URL: database.url, RABBITMQ_URL: vhost.url, DATABASE_POOL_SIZE: "4" };
        return closing.use(await startInstance({ ...shared, ...environment, ...own }, undefined, node));
      },
      [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
    };
  } catch (error) {
    await closing[Symbol.asyncDispose]();
    throw error;
  }
}
