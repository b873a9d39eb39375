import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../database/database.js";
import {
  type AttemptPage,
  type AttemptPageRequest,
  attemptOf,
  listAttempts,
  recordAttempts,
  type WebhookAttempt,
} from "./attempt-store.js";
import type { WebhookEndpoint } from "./endpoint.js";
import type { EndpointChanges, NewEndpoint } from "./endpoint-input.js";
import {
  createEndpoint,
  deleteEndpoint,
  disableEndpoint,
  disableGoneEndpoint,
  enableEndpoint,
  listEndpoints,
  readEndpoint,
  rotateSecret,
  unknownEndpoint,
  updateEndpoint,
} from "./endpoint-store.js";
import { testBody } from "./payload.js";
import type { WebhookSender } from "./sender.js";

/** What operators do with webhooks. The caller checks the permission. */
export class WebhookService {
  readonly #database: Database;
  readonly #sender: WebhookSender;

  constructor(database: Database, sender: WebhookSender) {
    this.#database = database;
    this.#sender = sender;
  }

  async list(): Promise<readonly WebhookEndpoint[]> {
    return await listEndpoints(this.#database);
  }

  async read(id: string): Promise<WebhookEndpoint | null> {
    return await readEndpoint(this.#database, id);
  }

  async create(input: NewEndpoint): Promise<WebhookEndpoint> {
    return await createEndpoint(this.#database, input);
  }

  async update(id: string, changes: EndpointChanges): Promise<WebhookEndpoint> {
    return await updateEndpoint(this.#database, id, changes);
  }

  async enable(id: string): Promise<WebhookEndpoint> {
    return await enableEndpoint(this.#database, id);
  }

  async disable(id: string): Promise<WebhookEndpoint> {
    return await disableEndpoint(this.#database, id);
  }

  async delete(id: string): Promise<boolean> {
    return await deleteEndpoint(this.#database, id);
  }

  async rotateSecret(id: string): Promise<WebhookEndpoint> {
    return await rotateSecret(this.#database, id);
  }

  async attempts(endpointId: string, request: AttemptPageRequest): Promise<AttemptPage> {
    return await listAttempts(this.#database, endpointId, request);
  }

  /**
   * Posts an event of type `test`, also to a disabled endpoint, and records the attempt.
   * @throws InvalidInputError when there is no such endpoint
   */
  async sendTest(id: string): Promise<WebhookAttempt> {
    const endpoint = await readEndpoint(this.#database, id);
    if (endpoint === null) throw unknownEndpoint();
    const [eventId, attemptedAt] = [uuidv7(), new Date()];
    const body = testBody(eventId, attemptedAt);
    const outcome = await this.#sender.send({ endpoint, messageId: eventId, body });
    if (outcome.kind === "gone") await disableGoneEndpoint(this.#database, endpoint);
    const newAttempt = attemptOf(outcome, { endpointId: endpoint.id, eventId, attempt: 1, attemptedAt });
    const [attempt] = await recordAttempts(this.#database, [newAttempt]);
    if (attempt === undefined) throw unknownEndpoint();
    return attempt;
  }
}
