import { pick, useGraphiQL, useGraphiQLActions, useHeadersEditorState } from "@graphiql/react";
import { useEffect } from "react";
import type { LiveSubscriptions } from "./live-subscriptions.js";

/** How long after a change of the headers the schema is asked for again, in ms. */
const typingPause = 500;

/** Does what GraphiQL leaves undone when it starts, when another tab becomes active and when a token is typed in. */
export function TabFollower({ subscriptions }: { readonly subscriptions: LiveSubscriptions }) {
  const { tabs, activeTabIndex, queryEditor, variableEditor, headerEditor, responseEditor } = useGraphiQL(
    pick("tabs", "activeTabIndex", "queryEditor", "variableEditor", "headerEditor", "responseEditor"),
  );
  const actions = useGraphiQLActions();
  const areEditorsReady = [queryEditor, variableEditor, headerEditor, responseEditor].every(Boolean);
  const activeTab = tabs[activeTabIndex]?.id;

  // At the start GraphiQL fills in the operation alone.
  useEffect(() => {
    if (areEditorsReady) actions.changeTab(activeTabIndex);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once
  }, [areEditorsReady]);

  useEffect(() => {
    subscriptions.followTabs(tabs, activeTabIndex);
    // A new tab does not stop the subscription of the previous one, and would show its results.
    actions.stop();
    if (subscriptions.ofActiveTab() !== null) actions.run();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when another tab becomes active
  }, [activeTab]);

  useEffect(() => {
    document.querySelector(".graphiql-tab-active")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [activeTab]);

  useSchemaAfterToken();
  return null;
}

/** The schema is given to those who have a token: it is asked for again when there may be a better one. */
function useSchemaAfterToken(): void {
  const { schema, fetchError } = useGraphiQL(pick("schema", "fetchError"));
  const actions = useGraphiQLActions();
  const [headers] = useHeadersEditorState();
  const isRefused = !schema && fetchError !== null;

  useEffect(() => {
    if (!isRefused) return undefined;
    const timer = setTimeout(() => void actions.introspect(), typingPause);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when the headers change
  }, [headers]);
}
