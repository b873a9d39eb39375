import type { FetcherParams, Observable } from "@graphiql/toolkit";
import type { ExecutionResult } from "graphql";
import { LiveSubscription } from "./live-subscription.js";
import { webSocketUrl } from "./page-data.js";

/**
 * The subscriptions of all tabs. GraphiQL itself stops a subscription when another tab is opened; here it continues, and its tab shows
 * what happened in the meantime. So a developer may watch an inbox in one tab and change it in another.
 *
 *     shown ──another tab──▶ in the background ──its tab──▶ shown
 *       └──Stop, or its tab is closed──▶ ended ◀──its tab is closed──┘
 */
export class LiveSubscriptions {
  readonly #url: string;
  readonly #byTab = new Map<string, LiveSubscription>();
  #activeTab = "";

  /** @param path of our own origin */
  constructor(path: string) {
    this.#url = webSocketUrl(path);
  }

  /** GraphiQL has these tabs now. */
  followTabs(tabs: readonly { readonly id: string }[], activeTabIndex: number): void {
    this.#activeTab = tabs[activeTabIndex]?.id ?? "";
    const open = new Set(tabs.map(({ id }) => id));
    for (const [tab, subscription] of this.#byTab) {
      if (open.has(tab)) continue;
      subscription.end();
      this.#byTab.delete(tab);
    }
  }

  /** The active tab's subscription; null: it has none. */
  ofActiveTab(): Observable<ExecutionResult> | null {
    const subscription = this.#byTab.get(this.#activeTab);
    return subscription === undefined ? null : this.#observe(this.#activeTab, subscription);
  }

  /** Starts a subscription in the active tab. @param headers with the token */
  start(params: FetcherParams, headers: Record<string, string>): Observable<ExecutionResult> {
    const subscription = new LiveSubscription(this.#url, params, headers);
    this.#byTab.set(this.#activeTab, subscription);
    return this.#observe(this.#activeTab, subscription);
  }

  #observe(tab: string, subscription: LiveSubscription): Observable<ExecutionResult> {
    const forget = (): void => {
      subscription.end();
      if (this.#byTab.get(tab) === subscription) this.#byTab.delete(tab);
    };
    return {
      subscribe: (observer: unknown) => {
        if (!isObserver(observer)) throw new TypeError("Observers are objects");
        subscription.show((results, hasEnded) => {
          observer.next(results);
          if (!hasEnded) return;
          forget();
          observer.complete();
        });
        return {
          unsubscribe: () => {
            subscription.hide();
            // GraphiQL says only afterwards whether another tab is why.
            queueMicrotask(() => {
              if (tab === this.#activeTab) forget();
            });
          },
        };
      },
    };
  }
}

interface Observer {
  next(results: ExecutionResult): void;
  complete(): void;
}

function isObserver(value: unknown): value is Observer {
  return typeof value === "object" && value !== null && "next" in value && "complete" in value;
}
