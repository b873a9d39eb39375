import { DOC_EXPLORER_PLUGIN } from "@graphiql/plugin-doc-explorer";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { useState } from "react";
import { type Example, examplesPlugin } from "./example-list.js";
import { createFetcher } from "./fetcher.js";
import type { PageData } from "./page-data.js";
import { LiveSubscriptions } from "./live-subscriptions.js";
import { TabFollower } from "./tab-follower.js";
import { createTokenStorage } from "./token-storage.js";

export interface GraphiqlPageData extends PageData {
  readonly examples: readonly Example[];
}

/** GraphiQL, set up for this API. */
export function App(data: GraphiqlPageData) {
  const [{ subscriptions, ...settings }] = useState(() => settingsOf(data));
  return (
    <GraphiQL
      {...settings}
      shouldPersistHeaders
      defaultEditorToolsVisibility={data.token === null ? "headers" : "variables"}
      onTabChange={({ tabs, activeTabIndex }) => subscriptions.followTabs(tabs, activeTabIndex)}
    >
      <GraphiQL.Logo>Carillon</GraphiQL.Logo>
      <TabFollower subscriptions={subscriptions} />
      {data.token === null && (
        <GraphiQL.Footer>
          This service needs a token of yours: put it after &quot;Bearer&quot; under Headers.
        </GraphiQL.Footer>
      )}
    </GraphiQL>
  );
}

/** Made once: GraphiQL takes a new object for a change. */
function settingsOf({ path, token, examples }: GraphiqlPageData) {
  const headers = JSON.stringify({ authorization: `Bearer ${token ?? ""}` }, null, 2);
  const subscriptions = new LiveSubscriptions(path);
  const examplesOfFirstVisit = examples.filter(({ group }) => group === "Inbox");
  const exampleList = examplesPlugin(examples);
  return {
    subscriptions,
    fetcher: createFetcher(path, subscriptions),
    storage: createTokenStorage(token),
    defaultHeaders: headers,
    defaultTabs: examplesOfFirstVisit.map(({ query, variables }) => ({ query, variables, headers })),
    referencePlugin: DOC_EXPLORER_PLUGIN,
    plugins: [exampleList, explorerPlugin(), HISTORY_PLUGIN],
    ...(matchMedia("(width > 1000px)").matches && { visiblePlugin: exampleList.title }),
  };
}
