import { type CarillonClient, createInbox, type InboxSnapshot, type InboxStore } from "@carillon/client";

/** The snapshot before an inbox is open, and on a server. */
export const loadingInbox: InboxSnapshot = {
  status: "loading",
  error: null,
  notifications: [],
  unreadCount: 0,
  totalCount: 0,
  hasMore: false,
  loadingMore: false,
};

/** One inbox for all components below a provider: opened by the first that shows it, disposed of with the last one. */
export class SharedInbox {
  readonly #client: CarillonClient;
  readonly #pageSize: number;
  #store: InboxStore | null = null;
  #users = 0;

  constructor(client: CarillonClient, pageSize: number) {
    this.#client = client;
    this.#pageSize = pageSize;
  }

  readonly get = (): InboxSnapshot => this.#store?.get() ?? loadingInbox;

  readonly subscribe = (listener: () => void): (() => void) => {
    const unsubscribe = this.open().subscribe(listener);
    this.#users += 1;
    return () => {
      unsubscribe();
      this.#users -= 1;
      // React may unmount a component and mount it again immediately (StrictMode).
      setTimeout(() => this.#closeIfUnused());
    };
  };

  /** The store, for commands. */
  open(): InboxStore {
    this.#store ??= createInbox(this.#client, { pageSize: this.#pageSize });
    return this.#store;
  }

  #closeIfUnused(): void {
    if (this.#users > 0) return;
    this.#store?.dispose();
    this.#store = null;
  }
}
